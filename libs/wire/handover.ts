import { z } from 'zod';
import { HANDOVER_CAPS, HANDOVER_SECTIONS } from '#libs/shift';
import { commandEnvelope, line, prose } from './dispatch-text.ts';

const ms = z.number();
const km = z.number().nullable();
const revision = z.number().int().min(0);
const bySection = <T extends z.ZodType>(shape: T) =>
  z.object({
    occurrences: shape,
    cameraStaff: shape,
    fieldStaff: shape,
    patrolReport: shape,
    highlights: shape,
  });

/** `PUT /api/handovers/:date/:patternId/sections` (`handover:write`): autosave of one section. */
export const saveSectionBody = z.object({
  section: z.enum(HANDOVER_SECTIONS),
  text: prose(HANDOVER_CAPS.text),
  /** The revision that the writer had before them; `handover-changed`, with the text that stands, when it is not the last. */
  baseRevision: revision,
});
export type SaveSectionBody = z.infer<typeof saveSectionBody>;

/** `POST …/sign` (`handover:write`): what was read is what is signed. */
export const signHandoverBody = z.object({ ...commandEnvelope, revisions: bySection(revision) });
export type SignHandoverBody = z.infer<typeof signHandoverBody>;
/** `POST …/reopen` (`shift:manage`). */
export const reopenHandoverBody = z.object({ ...commandEnvelope, reason: line(HANDOVER_CAPS.reason, 3) });
export type ReopenHandoverBody = z.infer<typeof reopenHandoverBody>;
/** `POST …/countersign` (`handover:write`). */
export const countersignHandoverBody = z.object(commandEnvelope);
export type CountersignHandoverBody = z.infer<typeof countersignHandoverBody>;

const signature = z.object({ atMs: ms, by: z.string(), name: z.string() });
const shift = z.object({
  id: z.string(),
  patternId: z.string(),
  name: z.string(),
  date: z.string(),
  startMs: ms,
  endMs: ms,
});
const incident = z.object({
  id: z.string(),
  code: z.string(),
  type: z.string(),
  priority: z.string().nullable(),
  status: z.string(),
  sector: z.string(),
  openedAtMs: ms,
});
const facts = z.object({
  takenAtMs: ms,
  incidents: z.array(incident),
  camerasDown: z.array(
    z.object({ id: z.string(), code: z.string(), name: z.string(), sinceMs: ms.nullable(), reason: z.string() }),
  ),
  alarms: z.array(
    z.object({ id: z.string(), camera: z.string(), kind: z.string(), raisedAtMs: ms, acknowledged: z.boolean() }),
  ),
  centreStaff: z.array(
    z.object({
      staffId: z.string(),
      name: z.string(),
      post: z.string(),
      cameras: z.array(z.string()),
      absence: z.string().nullable(),
    }),
  ),
  fieldStaff: z.array(
    z.object({
      unitId: z.string(),
      callSign: z.string(),
      kind: z.string(),
      plate: z.string(),
      driver: z.string(),
      crew: z.array(z.string()),
      sector: z.string(),
      phone: z.string(),
      status: z.string(),
    }),
  ),
  patrols: z.array(
    z.object({
      unitId: z.string(),
      callSign: z.string(),
      startedAtMs: ms.nullable(),
      startKm: km,
      endedAtMs: ms.nullable(),
      endKm: km,
      assignments: z.number().int(),
    }),
  ),
  highlights: z.array(incident),
  camerasOnline: z.number().int(),
  camerasAll: z.number().int(),
  cut: z.boolean(),
});

/** The book of one shift. */
export const handoverView = z.object({
  shift,
  opened: signature,
  sections: bySection(z.object({ text: z.string(), revision, saved: signature.nullable() })),
  facts,
  reopenings: z.array(signature.extend({ reason: z.string() })),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('draft'), writableUntilMs: ms }),
    z.object({ kind: z.literal('signed'), signed: signature }),
    z.object({ kind: z.literal('countersigned'), signed: signature, countersigned: signature }),
  ]),
  /** SHA-256 of what was signed, as the ledger holds it; `null` before that. */
  sha256: z.string().nullable(),
  /** What stands here is what was signed: its hash is that of the ledger. `null` before it was signed. */
  intact: z.boolean().nullable(),
});
export type HandoverView = z.infer<typeof handoverView>;

export const handoverItem = z.object({
  shift,
  state: z.enum(['draft', 'signed', 'countersigned']),
  openedBy: z.string(),
  signedBy: z.string().nullable(),
  countersignedBy: z.string().nullable(),
  updatedAtMs: ms,
});
export type HandoverItem = z.infer<typeof handoverItem>;

/** `GET /api/handovers` (`incident:view`): the latest first; `before` is the start of the last one seen. */
export const handoverQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(30),
  beforeMs: z.coerce.number().int().min(0).optional(),
});
export type HandoverQuery = z.infer<typeof handoverQuery>;
export const handoverPage = z.object({ items: z.array(handoverItem), more: z.boolean() });
export type HandoverPage = z.infer<typeof handoverPage>;
