import { z } from 'zod';
import { incidentItem } from './dispatch-view.ts';
import { clientId, phone } from './dispatch-text.ts';

/** Numbers come as text in a query. */
const count = (max: number, otherwise: number) => z.coerce.number().int().min(1).max(max).default(otherwise);
const atMs = z.coerce.number().int().min(0).max(8.64e15);

/**
 * What every command answers: what it was about, and the number of its last event, `null` when it was so already. A page
 * that has an item of this revision or a later one has seen the change.
 */
export const commandAnswer = z.object({
  incidentId: z.uuid().nullable(),
  /** The incident's code. */
  code: z.string().nullable(),
  unitId: z.uuid().nullable(),
  seq: z.number().int().nullable(),
});
export type CommandAnswer = z.infer<typeof commandAnswer>;

/** `GET /api/incidents` (`incident:view`): the latest call first. Topic `incidents` has those that are live. */
export const incidentQuery = z.object({
  life: z.enum(['live', 'over', 'all']).default('live'),
  /** The start of a code or all of it. */
  code: z
    .string()
    .regex(/^[\d-]{1,20}$/)
    .optional(),
  typeCode: z
    .string()
    .regex(/^[A-Z]{3}-\d{2}$/)
    .optional(),
  /** `clocks.callAtMs` of the last one of the page above. */
  beforeMs: atMs.optional(),
  limit: count(500, 200),
});
export type IncidentQuery = z.infer<typeof incidentQuery>;
export const incidentList = z.array(incidentItem);

/** `GET /api/incidents/:id/timeline` (`incident:view`): entries after a number, the oldest first. */
export const timelineQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: count(500, 200),
});
export type TimelineQuery = z.infer<typeof timelineQuery>;

/** `GET /api/incidents/duplicates` (`incident:take`), while a report is being taken down. */
export const duplicatesQuery = z.object({
  latitudeDeg: z.coerce.number().min(-90).max(90),
  longitudeDeg: z.coerce.number().min(-180).max(180),
  typeCode: z
    .string()
    .regex(/^[A-Z]{3}-\d{2}$/)
    .optional(),
  /** Now, when left out. */
  callAtMs: atMs.optional(),
  /** The incident itself, when it is registered already. */
  exceptId: clientId.optional(),
});
export type DuplicatesQuery = z.infer<typeof duplicatesQuery>;

/** `GET /api/calls` (`incident:take`). */
export const callHistoryQuery = z.object({ phone });
export type CallHistoryQuery = z.infer<typeof callHistoryQuery>;
