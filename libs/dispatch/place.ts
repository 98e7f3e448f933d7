import { ok, type Result } from '#libs/base';
import { isInRing, type GeoPoint } from '#libs/geo';
import { no } from './refusals.ts';

/** Caps of what is typed about a place. */
export const PLACE_CAPS = { address: 200, reference: 200 } as const;

/** Where an incident is. At least a point, a sector or an address: a unit has to know where to go. */
export interface IncidentPlace {
  readonly point: GeoPoint | null;
  readonly sectorId: string | null;
  readonly address: string;
  /** What it is beside of: people name places by it. */
  readonly reference: string;
}

/** Refuses with `place-empty`, `text-too-long`, `place-outside-province`. */
export function checkPlace(
  place: IncidentPlace,
  jurisdiction: readonly (readonly [number, number])[],
): Result<IncidentPlace> {
  if (place.address.length > PLACE_CAPS.address || place.reference.length > PLACE_CAPS.reference)
    return no('text-too-long', `an address or reference has at most ${PLACE_CAPS.address} characters`);
  if (place.point === null && place.sectorId === null && place.address.trim() === '')
    return no('place-empty', 'a place has a point, a sector or an address');
  if (place.point !== null && !isOnMap(place.point, jurisdiction))
    return no('place-outside-province', 'the point is outside the area of this centre', { ...place.point });
  return ok(place);
}

function isOnMap(point: GeoPoint, jurisdiction: readonly (readonly [number, number])[]): boolean {
  return Number.isFinite(point.latitudeDeg) && Number.isFinite(point.longitudeDeg) && isInRing(point, jurisdiction);
}
