import type { PositionBatch } from '#libs/wire';

/** Where a unit was last heard of. */
export interface UnitFix {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly bearingDeg: number | null;
  readonly speedKmh: number | null;
  readonly takenAtMs: number;
}
export type MovedUnits = ReadonlyMap<string, UnitFix>;

/** A town has hundreds of units; what claims more is not believed. */
const MAX_UNITS = 20_000;

/**
 * The last fix of each unit, merged from batches and from the units of a snapshot. A fix that is older than the known one
 * is passed over, in whatever order they come.
 */
export class PositionStore {
  private readonly fixes = new Map<string, UnitFix>();
  private readonly listeners = new Set<(moved: MovedUnits) => void>();

  /** Hears of each batch once, with the units that moved. */
  readonly subscribe = (listener: (moved: MovedUnits) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  fixOf(unitId: string): UnitFix | undefined {
    return this.fixes.get(unitId);
  }

  /** Everything known, for a map that begins. */
  all(): MovedUnits {
    return this.fixes;
  }

  take({ rows }: PositionBatch): void {
    const moved = new Map<string, UnitFix>();
    for (const [unitId, latitudeDeg, longitudeDeg, bearingDeg, speedKmh, takenAtMs] of rows) {
      const fix = { latitudeDeg, longitudeDeg, bearingDeg, speedKmh, takenAtMs };
      if (this.keep(unitId, fix)) moved.set(unitId, fix);
    }
    this.tell(moved);
  }

  /** What a snapshot of the units said; tells nobody when it is not news. */
  seed(seen: MovedUnits): void {
    const moved = new Map<string, UnitFix>();
    for (const [unitId, fix] of seen) if (this.keep(unitId, fix)) moved.set(unitId, fix);
    this.tell(moved);
  }

  private keep(unitId: string, fix: UnitFix): boolean {
    const known = this.fixes.get(unitId);
    if (known ? fix.takenAtMs <= known.takenAtMs : this.fixes.size >= MAX_UNITS) return false;
    this.fixes.set(unitId, fix);
    return true;
  }

  private tell(moved: MovedUnits): void {
    if (moved.size === 0) return;
    for (const listener of this.listeners) listener(moved);
  }
}
