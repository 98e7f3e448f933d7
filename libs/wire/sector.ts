import { z } from 'zod';
import { ring } from './zone.ts';

/** A patrol division, or an area where units have no business (another district). */
export const SECTOR_KINDS = ['patrol', 'off-limits'] as const;
export type SectorKind = (typeof SECTOR_KINDS)[number];

/** Free units that a recommendation tries to leave in a sector. */
const minUnits = z.number().int().min(0).max(50);
const name = z.string().trim().min(1).max(80);

export const sectorView = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(SECTOR_KINDS),
  ring,
  minUnits,
  notes: z.string(),
});
export type SectorView = z.infer<typeof sectorView>;

/** `POST /api/sectors` (`zone:manage`). */
export const createSectorBody = z.object({
  name,
  kind: z.enum(SECTOR_KINDS).default('patrol'),
  ring,
  minUnits: minUnits.default(0),
  notes: z.string().max(2_000).default(''),
});
export type CreateSectorBody = z.infer<typeof createSectorBody>;

/** `PATCH /api/sectors/:id` (`zone:manage`). */
export const changeSectorBody = z
  .object({ name, kind: z.enum(SECTOR_KINDS), ring, minUnits, notes: z.string().max(2_000) })
  .partial();
export type ChangeSectorBody = z.infer<typeof changeSectorBody>;
