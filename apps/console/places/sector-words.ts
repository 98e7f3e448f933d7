import { areNeighbours } from '#libs/geo';
import type { SectorView } from '#libs/wire';

/** Sectors whose borders touch, by their outlines: nobody has to keep a list true. */
export function neighboursOf(sector: Pick<SectorView, 'id' | 'ring'>, sectors: readonly SectorView[]): SectorView[] {
  return sectors.filter(
    ({ id, kind, ring }) => id !== sector.id && kind === 'patrol' && areNeighbours(sector.ring, ring),
  );
}

export function shortNameOf({ code, name }: Pick<SectorView, 'code' | 'name'>): string {
  return code === '' ? name : code;
}
