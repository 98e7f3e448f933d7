import { isInRing, type GeoPoint } from '#libs/geo';

/** A patrol division and how many free units it should keep. */
export interface Sector {
  readonly id: string;
  readonly ring: readonly (readonly [number, number])[];
  readonly minUnits: number;
}

/** What is left of a sector when one unit goes: `left` of `needed` free units. */
export interface CoverageGap {
  readonly sectorId: string;
  readonly left: number;
  readonly needed: number;
}

/** Free units counted by the sector in which they are now. */
export class SectorCover {
  private readonly free = new Map<string, number>();

  constructor(private readonly sectors: readonly Sector[]) {}

  /** The sector that holds a point; the first of them where they overlap. */
  sectorAt(point: GeoPoint): Sector | undefined {
    return this.sectors.find(({ ring }) => isInRing(point, ring));
  }

  count(sector: Sector | undefined): void {
    if (sector) this.free.set(sector.id, (this.free.get(sector.id) ?? 0) + 1);
  }

  /** What a sector lacks once one of its free units has left it; `null` when it lacks nothing. */
  gapWithout(sector: Sector | undefined): CoverageGap | null {
    if (!sector) return null;
    const left = (this.free.get(sector.id) ?? 0) - 1;
    return left >= sector.minUnits ? null : { sectorId: sector.id, left: Math.max(0, left), needed: sector.minUnits };
  }
}
