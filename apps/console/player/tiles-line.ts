import type { Clock } from '#libs/base';
import { Playhead, type TileFrame } from '#libs/tiles';
import type { Fragment } from './append-queue.ts';
import { CaptureTimes } from './capture-times.ts';
import type { Line, LineEvents, LineFailure } from './line.ts';
import { MediaBuffer } from './media-buffer.ts';
import type { TileHandle, TileSocket } from './tile-socket.ts';

/** Media Source Extensions and WebSocket are all that tiles need. */
export function canPlayTiles(): boolean {
  return typeof MediaSource !== 'undefined' && typeof WebSocket !== 'undefined';
}

/** Further from the edge than this at the start, a tile begins at the edge; nearer, it plays what it got. */
const START_SLACK_MS = 60;

/** One tile on a shared socket: a picture is appended when it comes, and the playhead is kept right behind it. */
export class TilesLine implements Line {
  readonly kind = 'tiles';
  waitingFor: string | undefined;
  private readonly playhead = new Playhead();
  private readonly captured = new CaptureTimes();
  private readonly media: MediaBuffer;
  private readonly tile: TileHandle;
  private isStarting = true;
  private isOver = false;

  constructor(
    private readonly video: HTMLVideoElement,
    socket: TileSocket,
    ticket: string,
    private readonly clock: Clock,
    private readonly events: LineEvents,
  ) {
    this.media = new MediaBuffer(video, {
      onAppended: (run) => this.steer(run.startMs, run.endMs),
      onPlaced: (fragment, showMs) => this.arrived(fragment, showMs),
      onFailure: (code) => this.fail(code),
    });
    this.tile = socket.open(ticket, {
      frame: (frame) => this.take(frame),
      interrupted: () => (this.waitingFor = 'video-network'),
      unreachable: () => this.fail('video-network'),
    });
  }

  displayedAtMs(mediaMs: number | undefined): number | null {
    return this.captured.at(mediaMs ?? this.video.currentTime * 1_000);
  }

  renew(ticket: string): void {
    this.tile.renew(ticket);
  }

  change(ticket: string): void {
    this.tile.use(ticket);
  }

  setHidden(isHidden: boolean): void {
    if (isHidden) return this.tile.pause();
    this.playhead.reset();
    this.isStarting = true;
    this.tile.resume();
  }

  destroy(): void {
    this.isOver = true;
    this.tile.close();
    this.media.destroy();
  }

  private take(frame: TileFrame): void {
    if (this.isOver) return;
    this.waitingFor = frame.kind === 'notice' && frame.notice.state === 'waiting' ? frame.notice.code : undefined;
    if (frame.kind !== 'notice') return this.media.push(frame);
    if (frame.notice.state === 'refused') this.fail('ticket-refused');
    if (frame.notice.state === 'ended') this.fail('video-network');
  }

  private arrived(fragment: Fragment, showMs: number): void {
    if (fragment.isDiscontinuity) this.playhead.reset();
    this.playhead.arrived(this.clock.monotonicMs(), showMs, fragment.durationMs);
    this.captured.add(showMs, fragment.capturedMs);
  }

  /** Right after each append. */
  private steer(bufferedStartMs: number, bufferedEndMs: number): void {
    const { video } = this;
    const view = { currentMs: video.currentTime * 1_000, bufferedStartMs, bufferedEndMs };
    const { rate, seekMs, removeBeforeMs } = this.isStarting
      ? this.playhead.start(view, START_SLACK_MS)
      : this.playhead.order(view);
    this.isStarting = false;
    if (seekMs !== undefined) video.currentTime = seekMs / 1_000;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (removeBeforeMs !== undefined) this.media.removeBefore(removeBeforeMs);
    // Muted video may start without a gesture; where it may not, the picture stays still and the tile says so.
    if (video.paused) void video.play().catch(() => undefined);
  }

  private fail(code: LineFailure): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.onFatal(code);
  }
}
