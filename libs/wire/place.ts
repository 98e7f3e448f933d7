import { z } from 'zod';
import { place as point } from './camera.ts';

/** What a place is, for its sign and for looking through the list. */
export const PLACE_CATEGORIES = [
  'school',
  'health',
  'police',
  'fire',
  'government',
  'market',
  'bank',
  'transport',
  'park',
  'worship',
  'hotel',
  'industry',
  'port',
  'housing',
  'corner',
  'landmark',
] as const;
export type PlaceCategory = (typeof PLACE_CATEGORIES)[number];

export const PLACE_LIST_CAPS = {
  places: 3_000,
  nameChars: 80,
  aliases: 10,
  addressChars: 160,
  notesChars: 500,
} as const;

const name = z.string().trim().min(1).max(PLACE_LIST_CAPS.nameChars);
/** Other names that callers use for it. */
const aliases = z.array(name).max(PLACE_LIST_CAPS.aliases);
const address = z.string().trim().max(PLACE_LIST_CAPS.addressChars);
const notes = z.string().trim().max(PLACE_LIST_CAPS.notesChars);

/** A place that callers name and operators find (dirección conocida), and the item of topic `places`. */
export const placeView = z.object({
  id: z.uuid(),
  name: z.string(),
  aliases: z.array(z.string()),
  category: z.enum(PLACE_CATEGORIES),
  address: z.string(),
  notes: z.string(),
  point,
});
export type PlaceView = z.infer<typeof placeView>;

/** `POST /api/places` (`zone:manage`). */
export const createPlaceBody = z.object({
  name,
  aliases: aliases.default([]),
  category: z.enum(PLACE_CATEGORIES).default('landmark'),
  address: address.default(''),
  notes: notes.default(''),
  point,
});
export type CreatePlaceBody = z.infer<typeof createPlaceBody>;

/** `PATCH /api/places/:id` (`zone:manage`). */
export const changePlaceBody = z
  .object({ name, aliases, category: z.enum(PLACE_CATEGORIES), address, notes, point })
  .partial();
export type ChangePlaceBody = z.infer<typeof changePlaceBody>;
