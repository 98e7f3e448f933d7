import { readStamp, stampLayout, type Pixels } from '../../camera-sim/stamp.ts';
import type { ShownFrame } from './player-page.ts';

/** `GET /cameras/:id/sent` of the simulator. */
export interface SentFrame {
  readonly frame: number;
  readonly sentAtMs: number;
}

const WIDTH = 640;
const HEIGHT = 360;
/** Sent frames are known for so long: the loop comes round, and an older one of the same number is another picture. */
const MAX_LATENCY_MS = 3_900;

/** From the moment the simulator's sockets took a frame to the moment it was shown. */
export class StampLatency {
  private readonly pixels: Pixels & { data: Uint8Array } = {
    data: new Uint8Array(WIDTH * HEIGHT),
    widthPx: WIDTH,
    heightPx: HEIGHT,
    channels: 1,
  };
  private readonly sent = new Map<number, number[]>();
  readonly latenciesMs: number[] = [];
  /** Frames whose stamp could not be read. */
  unread = 0;

  constructor(private readonly sentUrl: string) {}

  /** To be called with what was shown at least every few seconds: the simulator knows its last 512 frames. */
  async add(shown: readonly ShownFrame[]): Promise<void> {
    await this.refresh();
    for (const { means, shownAtMs } of shown) {
      const frame = this.frameOf(means);
      const sentAtMs = frame === undefined ? undefined : this.sent.get(frame)?.findLast((each) => each <= shownAtMs);
      if (sentAtMs === undefined || shownAtMs - sentAtMs > MAX_LATENCY_MS) this.unread++;
      else this.latenciesMs.push(shownAtMs - sentAtMs);
    }
  }

  /** The squares painted as they were measured, and read as any picture is. */
  private frameOf(means: readonly number[]): number | undefined {
    const { data } = this.pixels;
    for (const [index, square] of stampLayout(WIDTH, HEIGHT).entries()) {
      for (let y = square.y; y < square.y + square.height; y++) {
        data.fill(means[index]!, y * WIDTH + square.x, y * WIDTH + square.x + square.width);
      }
    }
    return readStamp(this.pixels)?.frame;
  }

  private async refresh(): Promise<void> {
    const response = await fetch(this.sentUrl);
    if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
    const body = (await response.json()) as { frames: SentFrame[] };
    this.sent.clear();
    for (const { frame, sentAtMs } of body.frames) this.sent.set(frame, [...(this.sent.get(frame) ?? []), sentAtMs]);
  }
}

/** @param share 0..1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
