import type { Clock, Timer } from '#libs/base';
import { drawStill, fetchStill, stillWidthFor } from './snapshot-line.ts';

/** Video of a stream that is pulled is there sooner: a picture for it would be work for nothing. */
const AFTER_MS = 700;

/** One picture for a tile that waits for its video: a stream that has to be fetched first, a slow line. */
export class Poster {
  private timer: Timer | undefined;
  private asking: AbortController | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly clock: Clock,
    private readonly onPicture: (ageMs: number) => void,
  ) {}

  bring(snapshotUrl: () => string | undefined): void {
    if (this.timer || this.asking) return;
    this.timer = this.clock.after(AFTER_MS, () => {
      this.timer = undefined;
      const url = snapshotUrl();
      if (url !== undefined) void this.ask(url);
    });
  }

  /** The video came, or nobody waits any more. */
  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.asking?.abort();
  }

  private async ask(url: string): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    const still = await fetchStill(
      url,
      stillWidthFor(this.canvas.clientWidth * window.devicePixelRatio),
      asking.signal,
    );
    if (asking.signal.aborted || still.kind !== 'picture') return;
    drawStill(this.canvas, still.image);
    this.onPicture(still.ageMs);
  }
}
