import type { SentFrame } from '../../camera-sim/rtsp/sent-ring.ts';

/** When each frame of a camera's loop was sent, over a whole run: the simulator itself remembers half a minute. */
export class SentFrames {
  /** By the number of the frame in its loop, rising. */
  private readonly sentMs = new Map<number, number[]>();

  /** What the simulator remembers now; what was known already is passed over. */
  add(frames: readonly SentFrame[]): void {
    for (const { frame, sentAtMs } of frames) {
      const known = this.sentMs.get(frame) ?? [];
      this.sentMs.set(frame, known);
      if (sentAtMs > (known.at(-1) ?? Number.NEGATIVE_INFINITY)) known.push(sentAtMs);
    }
  }

  /** How old a frame was when it was displayed; undefined when it was not sent before. Unique within one loop. */
  latencyMs(frame: number, displayedAtMs: number): number | undefined {
    const sentMs = this.sentMs.get(frame)?.findLast((atMs) => atMs <= displayedAtMs);
    return sentMs === undefined ? undefined : displayedAtMs - sentMs;
  }
}
