import { Backoff, type Clock, type Timer } from '#libs/base';
import type { StreamRole } from '#libs/wire';
import { watchFrames } from './browser-video.ts';
import { openLine, type Line, type LineFailure } from './hls-line.ts';
import { judge, startHonesty, type Honesty, type Picture, type PictureEvent } from './honesty.ts';
import type { TicketDesk } from './ticket-desk.ts';

/** What a tile player needs of its surroundings. */
export interface TileSurroundings {
  readonly clock: Clock;
  readonly tickets: TicketDesk;
  readonly serverNowMs: () => number;
}

/** A line that has stood still this long is torn down and built anew. */
const REBUILD_AFTER_MS = 4_000;
/** While the api says that the camera is offline there is nothing to fetch; it might be wrong, so not never. */
const OFFLINE_RETRY_MS = 15_000;
/** A camera that is back may need a moment until its first segment is out. */
const CAMERA_BACK_MS = 300;

/**
 * Plays one camera's stream on one video element, for weeks. Rebuilds its line whenever that dies and judges with
 * {@link judge} what may be claimed. Listeners hear changes of kind and, on ticks, of latency; not each frame.
 */
export class TilePlayer {
  private readonly backoff = new Backoff({ firstMs: 800, maxMs: 6_000, jitter: 0.3 });
  private readonly listeners = new Set<() => void>();
  private readonly leave: ReturnType<TicketDesk['hold']>;
  private readonly stopFrames: () => void;
  private honesty: Honesty;
  private published: Picture;
  private line: Line | undefined;
  private openedAtMs = 0;
  private pending: Timer | undefined;
  private stopped = false;

  constructor(
    private readonly around: TileSurroundings,
    private readonly video: HTMLVideoElement,
    cameraId: string,
    stream: StreamRole,
    private readonly onFreeze: (video: HTMLVideoElement) => void,
  ) {
    this.honesty = startHonesty(around.clock.monotonicMs());
    this.published = this.honesty.picture;
    this.stopFrames = watchFrames(video, () => this.onFrame());
    this.leave = around.tickets.hold(cameraId, stream, () => this.onLeave());
    if (this.leave.leave().kind === 'granted') this.open();
  }

  readonly getPicture = (): Picture => this.published;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Age of the picture: since the last displayed frame, or since it was asked for. */
  ageMs(): number {
    const picture = this.published;
    const fromMs = picture.kind === 'starting' || picture.kind === 'lost' ? picture.sinceMs : picture.lastFrameAtMs;
    return this.around.clock.monotonicMs() - fromMs;
  }

  /** Every 500 ms. A hidden page displays nothing: it is not the camera's fault, and nobody is deceived. */
  tick(): void {
    if (document.visibilityState === 'hidden') return;
    this.judge({ kind: 'tick' });
    this.publish();
    const { picture } = this.honesty;
    if (picture.kind !== 'lost' && picture.kind !== 'starting') return;
    const stillMs = this.around.clock.monotonicMs() - Math.max(this.openedAtMs, picture.sinceMs);
    if (this.line && !this.pending && stillMs > REBUILD_AFTER_MS) this.rebuildIn(this.nextTryMs());
  }

  /** What the relay says of the camera, by way of the api. */
  setCameraOffline(offline: boolean): void {
    const was = this.honesty.cameraOffline;
    this.judge({ kind: 'camera', offline });
    this.publish();
    if (!was || offline) return;
    this.backoff.reset();
    this.rebuildIn(CAMERA_BACK_MS);
  }

  stop(): void {
    this.stopped = true;
    this.pending?.cancel();
    this.stopFrames();
    this.leave.release();
    this.line?.destroy();
  }

  private onFrame(): void {
    const shownAtMs = this.line?.displayedAtMs() ?? null;
    const latencyMs = shownAtMs === null ? null : Math.max(0, this.around.serverNowMs() - shownAtMs);
    const before = this.honesty.picture.kind;
    this.judge({ kind: 'frame', latencyMs });
    if (this.honesty.picture.kind === 'live') this.backoff.reset();
    if (this.honesty.picture.kind !== before) this.publish();
  }

  private onLeave(): void {
    const leave = this.leave.leave();
    if (leave.kind === 'refused') {
      this.judge({ kind: 'refused', code: leave.code });
      this.publish();
    } else if (leave.kind === 'granted' && !this.line && !this.pending) {
      this.open();
    }
  }

  private open(): void {
    const leave = this.leave.leave();
    if (this.stopped || leave.kind !== 'granted') return;
    this.openedAtMs = this.around.clock.monotonicMs();
    this.judge({ kind: 'restarted' });
    const ticket = (): string => {
      const now = this.leave.leave();
      return now.kind === 'granted' ? now.ticket : leave.ticket;
    };
    this.line = openLine(this.video, leave.playlistUrl, ticket, { onFatal: (failure) => this.onFatal(failure) });
  }

  private onFatal(failure: LineFailure): void {
    this.freeze();
    this.line?.destroy();
    this.line = undefined;
    if (failure === 'video-codec') {
      this.judge({ kind: 'unplayable' });
      this.publish();
      return;
    }
    if (failure === 'ticket-refused') this.around.tickets.renewSoon();
    this.rebuildIn(this.nextTryMs());
  }

  private nextTryMs(): number {
    return this.honesty.cameraOffline ? OFFLINE_RETRY_MS : this.backoff.nextMs();
  }

  private rebuildIn(delayMs: number): void {
    this.pending?.cancel();
    this.pending = this.around.clock.after(delayMs, () => {
      this.pending = undefined;
      this.freeze();
      this.line?.destroy();
      this.line = undefined;
      this.open();
    });
  }

  private judge(event: PictureEvent): void {
    const before = this.honesty.picture.kind;
    this.honesty = judge(this.honesty, event, this.around.clock.monotonicMs());
    if (this.honesty.picture.kind === 'lost' && before !== 'lost') this.freeze();
  }

  /** Keeps the last picture to show greyed: the element goes black when its line is taken away. */
  private freeze(): void {
    if (this.video.readyState >= 2) this.onFreeze(this.video);
  }

  private publish(): void {
    if (this.published === this.honesty.picture) return;
    this.published = this.honesty.picture;
    for (const listener of this.listeners) listener();
  }
}
