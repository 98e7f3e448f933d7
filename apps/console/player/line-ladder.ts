import type { LineKind } from './line.ts';

/** A line that failed this often in a row without a picture is left for the next one down... */
const MAX_FAILURES = 2;
/**
 * ...for this long, and twice as long each time after that. The first is short: a machine that is short of breath for a moment
 * must not sit on a lower line when it has its breath back.
 */
const FIRST_REST_MS = 15_000;
const MAX_REST_MS = 15 * 60_000;
/** A relay that has no room to convert may have some soon. */
const NO_ROOM_REST_MS = 30_000;

interface Rung {
  readonly kind: LineKind;
  failures: number;
  restMs: number;
  /** Not to be tried before this. */
  fromMs: number;
}

/**
 * Which line a tile takes: the best one that works. Pure. Down after two failures; up again when the rest of a better one
 * is over, which is tried aside while the lower one goes on ({@link LineLadder.better}). When the lowest fails too nothing
 * works: the last picture stands greyed, and everything is tried anew from the top, because whatever it was (a cable, a
 * relay that was started again) may be over for all lines alike.
 *
 * A relay that says why there is no picture works: the camera is the trouble, and no other line would help.
 */
export class LineLadder {
  private readonly rungs: readonly Rung[];

  /** @param kinds that this browser and this relay can do, best first; at least one */
  constructor(kinds: readonly LineKind[]) {
    this.rungs = kinds.map((kind) => ({ kind, failures: 0, restMs: FIRST_REST_MS, fromMs: Number.NEGATIVE_INFINITY }));
  }

  /** What to open now. `nowMs` is monotonic. */
  next(nowMs: number): LineKind {
    return (this.rungs.find(({ fromMs }) => nowMs >= fromMs) ?? this.rungs.at(-1)!).kind;
  }

  /** A better line than the one that works, when it is time to try it. */
  better(than: LineKind, nowMs: number): LineKind | undefined {
    const next = this.next(nowMs);
    return this.placeOf(next) < this.placeOf(than) ? next : undefined;
  }

  /** A line displayed a picture. */
  showed(kind: LineKind): void {
    const rung = this.rungs[this.placeOf(kind)];
    if (!rung) return;
    rung.failures = 0;
    rung.restMs = FIRST_REST_MS;
  }

  /** A line ended without a picture. */
  failed(kind: LineKind, isExplained: boolean, nowMs: number): void {
    const rung = this.rungs[this.placeOf(kind)];
    if (!rung || isExplained || ++rung.failures < MAX_FAILURES) return;
    this.rest(rung, nowMs);
    if (rung === this.rungs.at(-1)) this.beginAnew();
  }

  /** A try aside did not show anything: the lower line goes on. */
  triedInVain(kind: LineKind, nowMs: number): void {
    const rung = this.rungs[this.placeOf(kind)];
    if (rung) this.rest(rung, nowMs);
  }

  /** Whatever carries video needs something that the relay has not got just now: only single pictures are left. */
  onlySnapshots(nowMs: number): void {
    for (const rung of this.rungs) {
      if (rung.kind !== 'snapshots') rung.fromMs = Math.max(rung.fromMs, nowMs + NO_ROOM_REST_MS);
    }
  }

  private rest(rung: Rung, nowMs: number): void {
    rung.failures = MAX_FAILURES - 1;
    rung.fromMs = nowMs + rung.restMs;
    rung.restMs = Math.min(MAX_REST_MS, rung.restMs * 2);
  }

  private beginAnew(): void {
    for (const rung of this.rungs) {
      rung.failures = 0;
      rung.restMs = FIRST_REST_MS;
      rung.fromMs = Number.NEGATIVE_INFINITY;
    }
  }

  private placeOf(kind: LineKind): number {
    return this.rungs.findIndex((rung) => rung.kind === kind);
  }
}
