import { Backoff, type Clock, type Timer } from '#libs/base';
import { watchFrames } from './browser-video.ts';
import { judge, startHonesty, type Honesty, type Picture, type PictureEvent } from './honesty.ts';
import { LineLadder } from './line-ladder.ts';
import type { LineLog } from './line-log.ts';
import { LineMaker, type Granted } from './line-maker.ts';
import { LineTrial } from './line-trial.ts';
import { isSameWish, type Line, type LineEvents, type LineFailure, type LineKind, type Wanted } from './line.ts';
import { Poster } from './poster.ts';
import type { TicketDesk } from './ticket-desk.ts';
import type { TileSockets } from './tile-socket.ts';

/** What a tile player needs of its surroundings. */
export interface TileSurroundings {
  readonly clock: Clock;
  readonly tickets: TicketDesk;
  readonly sockets: TileSockets;
  readonly lines: LineLog;
  readonly serverNowMs: () => number;
}

/** Where a tile shows its pictures. */
export interface TileScreen {
  readonly video: HTMLVideoElement;
  /** Single pictures. */
  readonly shot: HTMLCanvasElement;
  /** Keeps what is seen: its source is about to be taken away. */
  readonly freeze: (seen: HTMLVideoElement | HTMLCanvasElement) => void;
}

/** A line that has stood still this long is torn down and built anew... */
const REBUILD_AFTER_MS = 4_000;
/** ...and one that shows nothing from its beginning, this long: many tiles that begin together take their time. */
const BEGIN_WITHIN_MS = 8_000;
/** While the api says that the camera is offline there is nothing to fetch; it might be wrong, so not never. */
const OFFLINE_RETRY_MS = 15_000;
/** A camera that is back may need a moment until its first segment is out. */
const CAMERA_BACK_MS = 300;
/** Ends of a line that say nothing against its kind. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['ticket-refused', 'camera-moved', 'another-stream']);
/** The relay cannot convert (now): it says so, and has single pictures all the same. */
const NO_CONVERSION = /^(convert-|ffmpeg-)/;

/**
 * Plays one camera on one video element, for weeks. Rebuilds its line whenever that dies, as {@link LineLadder} says, and
 * judges with {@link judge} what may be claimed. Listeners hear changes of kind and, on ticks, of latency; not each frame.
 */
export class TilePlayer {
  private readonly backoff = new Backoff({ firstMs: 800, maxMs: 6_000, jitter: 0.3 });
  private readonly listeners = new Set<() => void>();
  private readonly stopFrames: () => void;
  private readonly maker: LineMaker;
  private readonly poster: Poster;
  private ladder: LineLadder | undefined;
  private leave: ReturnType<TicketDesk['hold']>;
  private honesty: Honesty;
  private published: Picture;
  private line: Line | undefined;
  private trial: LineTrial | undefined;
  private lastStep: LineKind | 'last-picture' | undefined;
  private hasShown = false;
  private openedAtMs = 0;
  private pending: Timer | undefined;
  private stopped = false;
  private isHidden = false;
  /** What the line was told to show last, and at which relay. */
  private openedFor: Wanted | undefined;
  private openedUrl: string | undefined;
  /** Why the line before was left. */
  private lastWhy: string | undefined;

  constructor(
    private readonly around: TileSurroundings,
    private readonly screen: TileScreen,
    private readonly cameraId: string,
    private wanted: Wanted,
  ) {
    this.honesty = startHonesty(around.clock.monotonicMs());
    this.published = this.honesty.picture;
    this.maker = new LineMaker(around, () => this.granted());
    this.poster = new Poster(screen.shot, around.clock, (ageMs) => this.onStill(ageMs, true));
    this.stopFrames = watchFrames(screen.video, (mediaMs) => this.onFrame(mediaMs));
    this.leave = this.hold(wanted);
    if (this.granted()) this.open();
  }

  readonly getPicture = (): Picture => this.published;

  /** How pictures come at present. */
  readonly getLine = (): LineKind | undefined => this.line?.kind;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Age of the picture: since it was displayed or taken, or since it was asked for. */
  ageMs(): number {
    const picture = this.published;
    const nowMs = this.around.clock.monotonicMs();
    if (picture.kind === 'starting' || picture.kind === 'stills') {
      return nowMs - (picture.takenAtMs ?? ('sinceMs' in picture ? picture.sinceMs : nowMs));
    }
    return nowMs - (picture.kind === 'lost' ? picture.sinceMs : picture.lastFrameAtMs);
  }

  /** Every 500 ms. What nobody can see displays nothing: it is not the camera's fault, and nobody is deceived. */
  tick(): void {
    if (this.isHidden) return;
    this.judge({ kind: 'tick' });
    if (this.line?.waitingFor !== undefined) this.judge({ kind: 'explained', code: this.line.waitingFor });
    this.publish();
    if (this.line?.waitingFor === 'video-network') this.around.tickets.renewSoon();
    const { picture } = this.honesty;
    if (picture.kind !== 'lost' && picture.kind !== 'starting') return this.climb();
    if (this.line && NO_CONVERSION.test(this.line.waitingFor ?? '')) return this.leaveForSnapshots(this.line);
    // The relay has said why there is no picture, and will send the next one by itself.
    if (this.line?.waitingFor !== undefined) return;
    const stillMs = this.around.clock.monotonicMs() - Math.max(this.openedAtMs, picture.sinceMs);
    if (!this.line || this.pending || stillMs <= (this.hasShown ? REBUILD_AFTER_MS : BEGIN_WITHIN_MS)) return;
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
  setWanted(wanted: Wanted): void {
    if (isSameWish(wanted, this.wanted) || this.stopped) return;
    this.wanted = wanted;
    const before = this.leave;
    this.leave = this.hold(wanted);
    before.release();
    if (this.granted()) this.onLeave();
  }

  /** Nobody can see the tile: its pictures need not come. */
  setHidden(isHidden: boolean): void {
    if (isHidden === this.isHidden) return;
    this.isHidden = isHidden;
    this.openedAtMs = this.around.clock.monotonicMs();
    this.endTrial();
    this.line?.setHidden?.(isHidden);
  }

  stop(): void {
    this.stopped = true;
    this.pending?.cancel();
    this.poster.cancel();
    this.endTrial();
    this.stopFrames();
    this.leave.release();
    this.line?.destroy();
  }

  private hold(wanted: Wanted): ReturnType<TicketDesk['hold']> {
    return this.around.tickets.hold(this.cameraId, wanted, () => this.onLeave());
  }

  private granted(): Granted | undefined {
    const leave = this.leave.leave();
    return leave.kind === 'granted' ? leave : undefined;
  }

  private onFrame(mediaMs: number | undefined): void {
    if (this.line?.kind === 'snapshots') return;
    const shownAtMs = this.line?.displayedAtMs(mediaMs) ?? null;
    const latencyMs = shownAtMs === null ? null : Math.max(0, this.around.serverNowMs() - shownAtMs);
    this.shown({ kind: 'frame', latencyMs });
    if (this.honesty.picture.kind === 'live') this.backoff.reset();
  }

  private onStill(ageMs: number, isPoster: boolean): void {
    if (isPoster) {
      this.judge({ kind: 'still', ageMs, isPoster });
      return this.publish();
    }
    this.shown({ kind: 'still', ageMs, isPoster, why: this.lastWhy });
    this.publish();
  }

  private shown(event: PictureEvent): void {
    const before = this.honesty.picture.kind;
    if (this.line && !this.hasShown) {
      this.hasShown = true;
      this.poster.cancel();
      this.ladder?.showed(this.line.kind);
    }
    this.judge(event);
    if (this.honesty.picture.kind === before) return;
    if (before === 'lost' && this.line) this.note(this.line.kind, 'picture');
    this.publish();
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
    if (this.openedFor && isSameWish(this.openedFor, this.wanted)) return line.renew?.(leave.ticket);
    this.openedFor = this.wanted;
    this.endTrial();
    if (line.change) line.change(leave.ticket);
    // Single pictures are asked for one by one, each with the leave of its time.
    else if (line.kind !== 'snapshots') this.rebuildIn(0, 'another-stream');
  }

  private open(): void {
    const leave = this.granted();
    if (this.stopped || !leave) return;
    const nowMs = this.around.clock.monotonicMs();
    this.ladder ??= new LineLadder(this.maker.kindsFor(leave));
    this.openedAtMs = nowMs;
    this.openedFor = this.wanted;
    this.openedUrl = leave.tilesUrl;
    this.hasShown = false;
    this.judge({ kind: 'restarted' });
    const kind = this.ladder.next(nowMs);
    this.note(kind, this.lastWhy ?? 'first');
    this.line = this.maker.open(kind, this.screen, this.events(), leave);
    if (this.honesty.picture.kind === 'starting' && kind !== 'snapshots')
      this.poster.bring(() => this.granted()?.snapshotUrl);
    if (this.isHidden) this.line.setHidden?.(true);
  }

  private events(): LineEvents {
    return { onFatal: (failure) => this.onFatal(failure), onStill: (ageMs) => this.onStill(ageMs, false) };
  }

  /** A better line is tried aside when it is time for it. */
  private climb(): void {
    const leave = this.granted();
    const nowMs = this.around.clock.monotonicMs();
    const better = this.line && !this.pending && !this.trial && this.ladder?.better(this.line.kind, nowMs);
    if (!better || !leave) return;
    const open = (video: HTMLVideoElement, events: LineEvents): Line =>
      this.maker.open(better, { ...this.screen, video }, events, leave);
    this.trial = new LineTrial(better, this.around.clock, open, (hasShown) => this.tried(better, hasShown));
  }

  private tried(kind: LineKind, hasShown: boolean): void {
    this.trial = undefined;
    if (hasShown) this.rebuildIn(0, 'better-line');
    else this.ladder?.triedInVain(kind, this.around.clock.monotonicMs());
  }

  private endTrial(): void {
    this.trial?.stop();
    this.trial = undefined;
  }

  private leaveForSnapshots(line: Line): void {
    if (line.kind === 'snapshots' || this.pending) return;
    const why = line.waitingFor ?? 'no-picture';
    this.ladder?.onlySnapshots(this.around.clock.monotonicMs());
    this.rebuildIn(0, why);
  }

  private onFatal(failure: LineFailure): void {
    const explained = this.line?.waitingFor;
    this.freeze();
    this.close(failure);
    if (failure === 'video-codec') {
      this.judge({ kind: 'unplayable' });
      this.publish();
      return;
    }
    if (explained !== undefined) this.judge({ kind: 'explained', code: explained });
    // A camera that went to another relay is told of by that one's address.
    if (failure === 'ticket-refused' || failure === 'video-network') this.around.tickets.renewSoon();
    this.rebuildIn(this.nextTryMs(), failure);
  }

  private nextTryMs(): number {
    return this.honesty.cameraOffline ? OFFLINE_RETRY_MS : this.backoff.nextMs();
  }

  private rebuildIn(delayMs: number, why: string): void {
    this.pending?.cancel();
    this.endTrial();
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
    if (!this.hasShown && !NOT_ITS_FAULT.has(why) && !this.honesty.cameraOffline) {
      this.ladder?.failed(line.kind, line.waitingFor !== undefined, this.around.clock.monotonicMs());
    }
    this.lastWhy = why;
    line.destroy();
    this.line = undefined;
  }

  private note(to: LineKind | 'last-picture', why: string): void {
    if (to === this.lastStep) return;
    this.lastStep = to;
    const { lines, serverNowMs } = this.around;
    lines.add({ atMs: serverNowMs(), cameraId: this.cameraId, to, why });
  }

  private judge(event: PictureEvent): void {
    const before = this.honesty.picture.kind;
    this.honesty = judge(this.honesty, event, this.around.clock.monotonicMs());
    const { picture } = this.honesty;
    if (picture.kind !== 'lost' || before === 'lost') return;
    this.freeze(before === 'starting' || before === 'stills');
    this.note('last-picture', picture.code ?? picture.cause);
  }

  /** Keeps the last picture to show greyed: the element goes black when its line is taken away. */
  private freeze(isSingle = this.honesty.picture.kind === 'stills'): void {
    const { video, shot, freeze } = this.screen;
    if (isSingle && shot.width > 0) freeze(shot);
    else if (video.readyState >= 2) freeze(video);
  }

  private publish(): void {
    if (this.published === this.honesty.picture) return;
    this.published = this.honesty.picture;
    for (const listener of this.listeners) listener();
  }
}
