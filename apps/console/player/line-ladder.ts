import type { LineKind } from './line.ts';

/** Tiles that failed this often in a row without a picture are left for HLS... */
const MAX_FAILURES = 2;
/** ...for this long, and twice as long each time after that. */
const FIRST_REST_MS = 60_000;
const MAX_REST_MS = 15 * 60_000;

/**
 * Which line a tile tries next: tiles, and HLS where those do not work. Pure. A relay that says why there is no picture
 * works: the camera is the trouble, and HLS would not help.
 */
export class LineLadder {
  private failures = 0;
  private restMs = FIRST_REST_MS;
  private tilesFromMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly canPlayTiles: boolean) {}

  /** `nowMs` is monotonic. */
  next(nowMs: number): LineKind {
    return this.canPlayTiles && nowMs >= this.tilesFromMs ? 'tiles' : 'hls';
  }

  /** A line displayed a picture. */
  showed(kind: LineKind): void {
    if (kind !== 'tiles') return;
    this.failures = 0;
    this.restMs = FIRST_REST_MS;
  }

  /** A line ended without a picture. */
  failed(kind: LineKind, isWaiting: boolean, nowMs: number): void {
    if (kind !== 'tiles' || isWaiting) return;
    if (++this.failures < MAX_FAILURES) return;
    this.rest(nowMs);
  }

  private rest(nowMs: number): void {
    this.failures = MAX_FAILURES - 1;
    this.tilesFromMs = nowMs + this.restMs;
    this.restMs = Math.min(MAX_REST_MS, this.restMs * 2);
  }
}
