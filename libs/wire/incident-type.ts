import { z } from 'zod';
import {
  AGENCY_CODES,
  INCIDENT_GROUPS,
  INSTRUCTIONS,
  PRIORITIES,
  SKILLS,
  UNIT_KIND_CODES,
  type IncidentGroup,
} from '#libs/dispatch';
import { line, prose } from './dispatch-text.ts';

const GROUP_CODES = Object.keys(INCIDENT_GROUPS) as [IncidentGroup, ...IncidentGroup[]];

/** A row of the catalogue, and the item of topic `incidentTypes`: there `id` is the code. */
export const incidentTypeView = z.object({
  id: z.string(),
  code: z.string().regex(/^[A-Z]{3}-\d{2}$/),
  group: z.enum(GROUP_CODES),
  name: z.string(),
  priority: z.enum(PRIORITIES),
  agencies: z.array(z.enum(AGENCY_CODES)),
  everyAgency: z.boolean(),
  unitKinds: z.array(z.enum(UNIT_KIND_CODES)),
  everyUnit: z.boolean(),
  skills: z.array(z.enum(SKILLS)),
  instructions: z.array(z.enum(INSTRUCTIONS)),
  masked: z.boolean(),
  video: z.boolean(),
  edan: z.boolean(),
  enabled: z.boolean(),
  words: z.array(z.string()),
  /** What to ask and say, as the centre wrote it. */
  protocol: z.string(),
});
export type IncidentTypeView = z.infer<typeof incidentTypeView>;

/** `PATCH /api/incident-types/:code` (`catalogue:manage`). Code and group stay: old incidents name them. */
export const changeIncidentTypeBody = z
  .object({
    name: line(80, 3),
    priority: z.enum(PRIORITIES),
    agencies: z.array(z.enum(AGENCY_CODES)).max(AGENCY_CODES.length),
    unitKinds: z.array(z.enum(UNIT_KIND_CODES)).max(UNIT_KIND_CODES.length),
    skills: z.array(z.enum(SKILLS)).max(SKILLS.length),
    instructions: z.array(z.enum(INSTRUCTIONS)).max(INSTRUCTIONS.length),
    masked: z.boolean(),
    video: z.boolean(),
    edan: z.boolean(),
    enabled: z.boolean(),
    words: z.array(line(40, 1)).max(40),
    protocol: prose(4_000),
  })
  .partial();
export type ChangeIncidentTypeBody = z.infer<typeof changeIncidentTypeBody>;
