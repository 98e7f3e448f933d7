import type { Clock, Timer } from '#libs/base';
import type { Line, LineEvents, LineKind } from './line.ts';

/** A line that shows nothing within this long does not work (yet). */
const PATIENCE_MS = 8_000;

/**
 * Tries a line aside, on an element that nobody sees, while another one goes on being watched: a tile climbs back up
 * without a black moment, and a try in vain costs its viewer nothing.
 */
export class LineTrial {
  private readonly video = document.createElement('video');
  private readonly line: Line;
  private readonly limit: Timer;
  private isOver = false;

  constructor(
    readonly kind: LineKind,
    clock: Clock,
    open: (video: HTMLVideoElement, events: LineEvents) => Line,
    private readonly tell: (hasShown: boolean) => void,
  ) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.addEventListener('loadeddata', () => this.end(true));
    this.limit = clock.after(PATIENCE_MS, () => this.end(false));
    this.line = open(this.video, { onFatal: () => this.end(false) });
  }

  /** Gives up without telling. */
  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.limit.cancel();
    this.line.destroy();
  }

  private end(hasShown: boolean): void {
    if (this.isOver) return;
    // Not from within the line's own callback: it is still at work there.
    queueMicrotask(() => {
      if (this.isOver) return;
      this.stop();
      this.tell(hasShown);
    });
  }
}
