import type { ReplayTracksView } from '#libs/wire';
import type { MovedUnits, UnitFix } from '../live/position-store.ts';

type PastFix = ReplayTracksView['tracks'][number]['fixes'][number];

/** A unit that was heard of so long ago is no longer on the map: as on the live one it had no signal long before. */
const MAX_SILENT_MS = 3_600_000;

/** Where units were at the moment that is shown. It tells a map what moved, forwards and backwards. */
export class PastPositions {
  private fixes = new Map<string, UnitFix>();
  private readonly listeners = new Set<(moved: MovedUnits) => void>();

  readonly subscribe = (listener: (moved: MovedUnits) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  all(): MovedUnits {
    return this.fixes;
  }

  show(fixes: ReadonlyMap<string, UnitFix>): void {
    const moved = new Map<string, UnitFix>();
    for (const [id, fix] of fixes) if (this.fixes.get(id)?.takenAtMs !== fix.takenAtMs) moved.set(id, fix);
    this.fixes = new Map(fixes);
    if (moved.size > 0) for (const listener of this.listeners) listener(moved);
  }
}

/** The last fix at or before a moment, out of fixes in order. */
export function fixAt(fixes: readonly PastFix[], atMs: number): UnitFix | undefined {
  const fix = fixes[countUpTo(fixes, atMs) - 1];
  if (!fix || atMs - fix[0] > MAX_SILENT_MS) return undefined;
  const [takenAtMs, latitudeDeg, longitudeDeg, bearingDeg, speedKmh] = fix;
  return { takenAtMs, latitudeDeg, longitudeDeg, bearingDeg, speedKmh };
}

/** The way up to a moment: points of the last `lengthMs`, `[latitudeDeg, longitudeDeg]`. */
export function trailTo(fixes: readonly PastFix[], atMs: number, lengthMs: number): [number, number][] {
  const end = countUpTo(fixes, atMs);
  const start = countUpTo(fixes, atMs - lengthMs);
  return fixes.slice(start, end).map(([, latitudeDeg, longitudeDeg]) => [latitudeDeg, longitudeDeg]);
}

/** Each unit's fixes of pieces in their order, as one track. */
export function joined(pieces: readonly ReplayTracksView[]): ReadonlyMap<string, readonly PastFix[]> {
  const tracks = new Map<string, PastFix[]>();
  for (const { unitId, fixes } of pieces.flatMap((piece) => piece.tracks)) {
    const track = tracks.get(unitId);
    if (track) track.push(...fixes);
    else tracks.set(unitId, [...fixes]);
  }
  return tracks;
}

function countUpTo(fixes: readonly PastFix[], atMs: number): number {
  let [low, high] = [0, fixes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fixes[middle]![0] <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
