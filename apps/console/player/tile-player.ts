import { Backoff, type Clock, type Timer } from '#libs/base';
import type { StreamRole } from '#libs/wire';
import { watchFrames } from './browser-video.ts';
import { openHlsLine } from './hls-line.ts';
import { judge, startHonesty, type Honesty, type Picture, type PictureEvent } from './honesty.ts';
import { LineLadder } from './line-ladder.ts';
import type { LineLog } from './line-log.ts';
import type { Line, LineEvents, LineFailure, LineKind } from './line.ts';
import type { Leave, TicketDesk } from './ticket-desk.ts';
import type { TileSockets } from './tile-socket.ts';
import { TilesLine, canPlayTiles } from './tiles-line.ts';

/** What a tile player needs of its surroundings. */
export interface TileSurroundings {
  readonly clock: Clock;
  readonly tickets: TicketDesk;
  readonly sockets: TileSockets;
  readonly lines: LineLog;
  readonly serverNowMs: () => number;
}

type Granted = Extract<Leave, { readonly kind: 'granted' }>;

/** A line that has stood still this long is torn down and built anew. */
const REBUILD_AFTER_MS = 4_000;
/** While the api says that the camera is offline there is nothing to fetch; it might be wrong, so not never. */
const OFFLINE_RETRY_MS = 15_000;
/** A camera that is back may need a moment until its first segment is out. */
const CAMERA_BACK_MS = 300;

/**
 * Plays one camera on one video element, for weeks. Rebuilds its line whenever that dies, over tiles or by HLS as
 * {@link LineLadder} says, and judges with {@link judge} what may be claimed. Listeners hear changes of kind and, on
 * ticks, of latency; not each frame.
 */
export class TilePlayer {
  private readonly backoff = new Backoff({ firstMs: 800, maxMs: 6_000, jitter: 0.3 });
  private readonly ladder = new LineLadder(canPlayTiles());
  private readonly listeners = new Set<() => void>();
  private readonly stopFrames: () => void;
  private leave: ReturnType<TicketDesk['hold']>;
  private honesty: Honesty;
  private published: Picture;
  private line: Line | undefined;
  private lastKind: LineKind | undefined;
  private hasShown = false;
  private openedAtMs = 0;
  private pending: Timer | undefined;
  private stopped = false;
  private isHidden = false;

  constructor(
    private readonly around: TileSurroundings,
    private readonly video: HTMLVideoElement,
    private readonly cameraId: string,
    private stream: StreamRole,
    private readonly onFreeze: (video: HTMLVideoElement) => void,
  ) {
    this.honesty = startHonesty(around.clock.monotonicMs());
    this.published = this.honesty.picture;
    this.stopFrames = watchFrames(video, (mediaMs) => this.onFrame(mediaMs));
    this.leave = this.hold(stream);
    if (this.leave.leave().kind === 'granted') this.open();
  }

  readonly getPicture = (): Picture => this.published;

  /** How pictures come at present. */
  readonly getLine = (): LineKind | undefined => this.line?.kind;

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

  /** Every 500 ms. What nobody can see displays nothing: it is not the camera's fault, and nobody is deceived. */
  tick(): void {
    if (this.isHidden) return;
    this.judge({ kind: 'tick' });
    this.publish();
    if (this.line?.isCutOff) this.around.tickets.renewSoon();
    const { picture } = this.honesty;
    if (picture.kind !== 'lost' && picture.kind !== 'starting') return;
    // The relay has said why there is no picture, and will send the next one by itself.
    if (this.line?.isWaiting) return;
    const stillMs = this.around.clock.monotonicMs() - Math.max(this.openedAtMs, picture.sinceMs);
    if (!this.line || this.pending || stillMs <= REBUILD_AFTER_MS) return;
    // A relay that stands still keeps its connections, and another has its cameras by now.
    this.around.tickets.renewSoon();
    this.rebuildIn(this.nextTryMs(), 'no-picture');
  }

  /** What the relay says of the camera, by way of the api. */
  setCameraOffline(offline: boolean): void {
    const was = this.honesty.cameraOffline;
    this.judge({ kind: 'camera', offline });
    this.publish();
    if (!was || offline) return;
    this.backoff.reset();
    if (this.line?.kind !== 'tiles') this.rebuildIn(CAMERA_BACK_MS, 'camera-back');
  }

  /** Main for sub or the other way round: the old one is shown until the new one can be. */
  setStream(stream: StreamRole): void {
    if (stream === this.stream || this.stopped) return;
    this.stream = stream;
    const before = this.leave;
    this.leave = this.hold(stream);
    before.release();
    if (this.leave.leave().kind === 'granted') this.onLeave();
  }

  /** Nobody can see the tile: its pictures need not come. */
  setHidden(isHidden: boolean): void {
    if (isHidden === this.isHidden) return;
    this.isHidden = isHidden;
    this.openedAtMs = this.around.clock.monotonicMs();
    this.line?.setHidden?.(isHidden);
  }

  stop(): void {
    this.stopped = true;
    this.pending?.cancel();
    this.stopFrames();
    this.leave.release();
    this.line?.destroy();
  }

  private hold(stream: StreamRole): ReturnType<TicketDesk['hold']> {
    return this.around.tickets.hold(this.cameraId, stream, () => this.onLeave());
  }

  private onFrame(mediaMs: number | undefined): void {
    const shownAtMs = this.line?.displayedAtMs(mediaMs) ?? null;
    const latencyMs = shownAtMs === null ? null : Math.max(0, this.around.serverNowMs() - shownAtMs);
    const before = this.honesty.picture.kind;
    if (this.line && !this.hasShown) {
      this.hasShown = true;
      this.ladder.showed(this.line.kind);
    }
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
    } else if (leave.kind === 'granted' && this.line) {
      this.bring(this.line, leave);
    }
  }

  /** A renewed ticket, or one for another stream, or the camera is at another relay now. */
  private bring(line: Line, leave: Granted): void {
    if (leave.tilesUrl !== this.openedUrl) return this.rebuildIn(0, 'camera-moved');
    if (this.openedStream === this.stream) return line.renew?.(leave.ticket);
    this.openedStream = this.stream;
    if (line.change) line.change(leave.ticket);
    else this.rebuildIn(0, 'another-stream');
  }

  /** What the line was told to show last, and at which relay. */
  private openedStream: StreamRole | undefined;
  private openedUrl: string | undefined;

  private open(): void {
    const leave = this.leave.leave();
    if (this.stopped || leave.kind !== 'granted') return;
    const nowMs = this.around.clock.monotonicMs();
    this.openedAtMs = nowMs;
    this.openedStream = this.stream;
    this.openedUrl = leave.tilesUrl;
    this.hasShown = false;
    this.judge({ kind: 'restarted' });
    const kind = this.ladder.next(nowMs);
    this.note(kind, 'first');
    const events: LineEvents = { onFatal: (failure) => this.onFatal(failure) };
    this.line = kind === 'tiles' ? this.openTiles(leave, events) : this.openHls(leave, events);
    if (this.isHidden) this.line.setHidden?.(true);
  }

  private openTiles(leave: Granted, events: LineEvents): Line {
    const { sockets, clock } = this.around;
    return new TilesLine(this.video, sockets.of(leave.tilesUrl), leave.ticket, clock, events);
  }

  private openHls(leave: Granted, events: LineEvents): Line {
    const ticket = (): string => {
      const now = this.leave.leave();
      return now.kind === 'granted' ? now.ticket : leave.ticket;
    };
    this.video.playbackRate = 1;
    return openHlsLine(this.video, leave.playlistUrl, ticket, events);
  }

  private onFatal(failure: LineFailure): void {
    this.freeze();
    this.close(failure);
    if (failure === 'video-codec') {
      this.judge({ kind: 'unplayable' });
      this.publish();
      return;
    }
    // A camera that went to another relay is told of by that one's address.
    if (failure === 'ticket-refused' || failure === 'video-network') this.around.tickets.renewSoon();
    this.rebuildIn(this.nextTryMs(), failure);
  }

  private nextTryMs(): number {
    return this.honesty.cameraOffline ? OFFLINE_RETRY_MS : this.backoff.nextMs();
  }

  private rebuildIn(delayMs: number, why: string): void {
    this.pending?.cancel();
    this.pending = this.around.clock.after(delayMs, () => {
      this.pending = undefined;
      this.freeze();
      this.close(why);
      this.open();
    });
  }

  /** Takes the line away; one that never showed a picture counts against its kind. */
  private close(why: string): void {
    const { line } = this;
    if (!line) return;
    if (!this.hasShown && why !== 'ticket-refused' && !this.honesty.cameraOffline) {
      this.ladder.failed(line.kind, line.isWaiting, this.around.clock.monotonicMs());
    }
    this.lastWhy = why;
    line.destroy();
    this.line = undefined;
  }

  private lastWhy: string | undefined;

  private note(kind: LineKind, why: string): void {
    if (kind === this.lastKind) return;
    this.lastKind = kind;
    const { lines, serverNowMs } = this.around;
    lines.add({ atMs: serverNowMs(), cameraId: this.cameraId, to: kind, why: this.lastWhy ?? why });
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
