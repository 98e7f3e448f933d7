import { z } from 'zod';
import { alarmSchedule } from './alarm.ts';
import { ring } from './zone.ts';

/** A patrol division, or an area where units have no business (another district, a closed port at night). */
export const SECTOR_KINDS = ['patrol', 'off-limits'] as const;
export type SectorKind = (typeof SECTOR_KINDS)[number];

/** Names of colours that the console has tokens for. */
export const SECTOR_COLOURS = ['blue', 'teal', 'green', 'amber', 'orange', 'pink', 'purple', 'grey'] as const;
export type SectorColour = (typeof SECTOR_COLOURS)[number];

export const SECTOR_CAPS = { codeChars: 12, nameChars: 80, notesChars: 2_000, hours: 8 } as const;

/** Free units that a recommendation tries to leave in a sector. */
const minUnits = z.number().int().min(0).max(50);
const name = z.string().trim().min(1).max(SECTOR_CAPS.nameChars);
/** As it is said by radio: `C-07`. Empty when it has none; else one sector's alone. */
const code = z.string().trim().max(SECTOR_CAPS.codeChars);
const colour = z.enum(SECTOR_COLOURS);
const notes = z.string().max(SECTOR_CAPS.notesChars);

/** When an area is off limits, by the local day (America/Lima); see `alarmSchedule`. None: always. */
export const areaHours = alarmSchedule.omit({ kinds: true });
export type AreaHours = z.infer<typeof areaHours>;
const hours = z.array(areaHours).max(SECTOR_CAPS.hours);

export const sectorView = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  kind: z.enum(SECTOR_KINDS),
  colour,
  ring,
  minUnits,
  hours,
  notes: z.string(),
});
export type SectorView = z.infer<typeof sectorView>;

/** Patrol sectors do not overlap (`sectors-overlap`), unless somebody means it. */
const allowOverlap = z.boolean().default(false);

/** `POST /api/sectors` (`zone:manage`). */
export const createSectorBody = z.object({
  code: code.default(''),
  name,
  kind: z.enum(SECTOR_KINDS).default('patrol'),
  colour: colour.default('blue'),
  ring,
  minUnits: minUnits.default(0),
  hours: hours.default([]),
  notes: notes.default(''),
  allowOverlap,
});
export type CreateSectorBody = z.infer<typeof createSectorBody>;

/** `PATCH /api/sectors/:id` (`zone:manage`). */
export const changeSectorBody = z
  .object({ code, name, kind: z.enum(SECTOR_KINDS), colour, ring, minUnits, hours, notes })
  .partial()
  .extend({ allowOverlap });
export type ChangeSectorBody = z.infer<typeof changeSectorBody>;
