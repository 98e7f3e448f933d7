import { covers } from '#libs/alarm';
import { FENCE_MARGIN_M, FenceIndex, distanceToRingM } from '#libs/avl';
import { isInRing, type GeoPoint } from '#libs/geo';
import type { AreaHours, Ring, SectorKind } from '#libs/wire';

/** A sector, as much of it as says who is astray. */
export interface WatchedSector {
  readonly id: string;
  readonly kind: SectorKind;
  readonly polygon: Ring;
  readonly hours: readonly AreaHours[];
}

/** Further out than this a unit has left its sector: its streets belong to both sides. */
const SECTOR_MARGIN_M = 2 * FENCE_MARGIN_M;

/** Off-limits areas and patrol sectors as they are drawn now. */
export class WatchedAreas {
  private readonly byId: ReadonlyMap<string, WatchedSector>;
  private readonly offLimits: FenceIndex;

  constructor(sectors: readonly WatchedSector[]) {
    this.byId = new Map(sectors.map((sector) => [sector.id, sector]));
    this.offLimits = new FenceIndex(
      sectors.filter(({ kind }) => kind === 'off-limits').map(({ id, polygon }) => ({ id, ring: polygon })),
    );
  }

  /** Off-limits areas that hold a point; those that held the one before hold it up to the margin of geofences. */
  offLimitsAt(point: GeoPoint, before: ReadonlySet<string>): ReadonlySet<string> {
    return this.offLimits.at(point, before);
  }

  /** Whether an area is closed to units at that moment. */
  isClosed(sectorId: string, atMs: number): boolean {
    const sector = this.byId.get(sectorId);
    if (sector?.kind !== 'off-limits') return false;
    return sector.hours.length === 0 || sector.hours.some((hours) => covers(hours, atMs));
  }

  isPatrolled(sectorId: string): boolean {
    return this.byId.get(sectorId)?.kind === 'patrol';
  }

  holds(sectorId: string, point: GeoPoint): boolean {
    const sector = this.byId.get(sectorId);
    return sector !== undefined && isInRing(point, sector.polygon);
  }

  /** Whether a point is away from a sector. Who was away is back only inside; who was inside is away beyond the margin. */
  isAway(sectorId: string, point: GeoPoint, wasAway: boolean): boolean {
    if (this.holds(sectorId, point)) return false;
    const sector = this.byId.get(sectorId);
    return sector !== undefined && (wasAway || distanceToRingM(point, sector.polygon) > SECTOR_MARGIN_M);
  }
}
