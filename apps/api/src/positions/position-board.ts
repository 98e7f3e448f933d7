import {
  FenceIndex,
  UnitFixes,
  ageOf,
  crossings,
  type AgeBounds,
  type Fix,
  type FixBounds,
  type FixVerdict,
  type Geofence,
} from '#libs/avl';
import type { FenceKind, LivePositionView, PositionBatch, UnitPositionView } from '#libs/wire';

/** An area that units come into and leave. */
export interface WatchedArea {
  readonly kind: FenceKind;
  readonly id: string;
  readonly ring: Geofence['ring'];
}

/** A unit came into an area or left it. */
export interface AreaCrossing {
  readonly unitId: string;
  readonly area: { readonly kind: FenceKind; readonly id: string };
  readonly kind: 'entered' | 'left';
  readonly atMs: number;
}

interface LiveUnit {
  readonly fixes: UnitFixes;
  /** Keys of the areas that it is in. */
  within: ReadonlySet<string>;
  /** Number of the batch that tells of its last move. */
  movedSeq: number;
}

/** Keys are of our own making: `kind:id`. */
const keyOf = ({ kind, id }: { readonly kind: FenceKind; readonly id: string }): string => `${kind}:${id}`;

/**
 * Where every unit is now, in memory: its newest fix, the areas that it is in, and in which batch it moved. A fix that came
 * late never moves a unit back. Holds one entry per unit that ever reported.
 */
export class PositionBoard {
  private readonly units = new Map<string, LiveUnit>();
  private areas = new Map<string, WatchedArea>();
  private index = new FenceIndex([]);
  /** Number of the last batch that was closed. */
  private closedSeq = 0;
  private moved = false;

  constructor(
    private readonly fixBounds: FixBounds,
    private readonly ageBounds: AgeBounds,
    private readonly onCrossing: (crossing: AreaCrossing) => void,
  ) {}

  /** Puts a unit where it was before this process began. Nothing is told: it did not move now. */
  restore(unitId: string, fix: Fix): void {
    if (this.units.has(unitId)) return;
    this.units.set(unitId, {
      fixes: new UnitFixes(fix),
      within: this.index.at(fix.point, new Set()),
      movedSeq: 0,
    });
  }

  /** Judges a fix and, when it is the newest, moves the unit. */
  take(unitId: string, fix: Fix, nowMs: number): FixVerdict {
    const unit = this.units.get(unitId) ?? { fixes: new UnitFixes(), within: new Set<string>(), movedSeq: 0 };
    const verdict = unit.fixes.take(fix, nowMs, this.fixBounds);
    if (verdict.kind !== 'live') return verdict;
    this.units.set(unitId, unit);
    unit.movedSeq = this.closedSeq + 1;
    this.moved = true;
    this.cross(unitId, unit, fix);
    return verdict;
  }

  /**
   * A fix that another process of the api took and stored. It moves the unit like one of our own, when it is newer; borders
   * that were crossed are that process's to tell.
   */
  follow(unitId: string, fix: Fix): boolean {
    const unit = this.units.get(unitId) ?? { fixes: new UnitFixes(), within: new Set<string>(), movedSeq: 0 };
    if (!unit.fixes.follow(fix)) return false;
    this.units.set(unitId, unit);
    unit.movedSeq = this.closedSeq + 1;
    this.moved = true;
    unit.within = this.index.at(fix.point, unit.within);
    return true;
  }

  /** New outlines. Units are held against them when they report next; areas that are gone are left without a word. */
  watch(areas: readonly WatchedArea[]): void {
    this.areas = new Map(areas.map((area) => [keyOf(area), area]));
    this.index = new FenceIndex([...this.areas].map(([id, { ring }]) => ({ id, ring })));
    for (const unit of this.units.values()) {
      const left = [...unit.within].filter((key) => this.areas.has(key));
      if (left.length < unit.within.size) unit.within = new Set(left);
    }
  }

  positionOf(unitId: string, nowMs: number): UnitPositionView | null {
    const fix = this.units.get(unitId)?.fixes.last;
    if (!fix) return null;
    const { point, takenAtMs, speedKmh, bearingDeg, accuracyM, batteryShare } = fix;
    const age = ageOf(takenAtMs, nowMs, this.ageBounds);
    return { point, takenAtMs, speedKmh, bearingDeg, accuracyM, batteryShare, age };
  }

  all(nowMs: number): LivePositionView[] {
    return [...this.units].map(([unitId, { within }]) => ({
      unitId,
      position: this.positionOf(unitId, nowMs)!,
      fences: [...within].map((key) => {
        const { kind, id } = this.areas.get(key)!;
        return { kind, id };
      }),
    }));
  }

  get seq(): number {
    return this.closedSeq;
  }

  /** Ends the batch in which units have moved since the last; `false` when none has. */
  closeBatch(): boolean {
    if (!this.moved) return false;
    this.moved = false;
    this.closedSeq++;
    return true;
  }

  /** One row for each unit that moved in a batch after `seq`: where it is now. */
  rowsSince(seq: number): PositionBatch['rows'] {
    const rows: PositionBatch['rows'] = [];
    for (const [unitId, { fixes, movedSeq }] of this.units) {
      if (movedSeq <= seq) continue;
      const { point, bearingDeg, speedKmh, takenAtMs } = fixes.last!;
      rows.push([
        unitId,
        shorter(point.latitudeDeg, 6),
        shorter(point.longitudeDeg, 6),
        bearingDeg,
        rounded(speedKmh),
        takenAtMs,
      ]);
    }
    return rows;
  }

  private cross(unitId: string, unit: LiveUnit, fix: Fix): void {
    const now = this.index.at(fix.point, unit.within);
    for (const { fenceId, kind, atMs } of crossings(unit.within, now, fix.takenAtMs)) {
      const area = this.areas.get(fenceId)!;
      this.onCrossing({ unitId, area: { kind: area.kind, id: area.id }, kind, atMs });
    }
    unit.within = now;
  }
}

/** Six digits of a degree are 11 cm: a screen shows no finer, and they are half the bytes. */
function shorter(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function rounded(value: number | null): number | null {
  return value === null ? null : shorter(value, 1);
}
