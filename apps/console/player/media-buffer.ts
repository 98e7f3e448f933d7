import { AppendQueue, type Batch, type Fragment } from './append-queue.ts';
import type { TileFrame } from '#libs/tiles';

export interface MediaBufferEvents {
  /** Something was appended: `run` is the buffered run that holds the edge, milliseconds. */
  onAppended(run: { readonly startMs: number; readonly endMs: number }, fragments: readonly Fragment[]): void;
  /** A fragment begins at `showMs` of the element's timeline. */
  onPlaced(fragment: Fragment, showMs: number): void;
  onFailure(code: 'video-codec' | 'video-media'): void;
}

/**
 * The source of one video element by Media Source Extensions: takes frames as they come, appends them one batch after
 * another, and puts each break directly behind what is buffered, so that the element never meets a hole.
 */
export class MediaBuffer {
  private readonly source = new MediaSource();
  private readonly queue = new AppendQueue();
  private readonly address = URL.createObjectURL(this.source);
  private buffer: SourceBuffer | undefined;
  private mimeType: string | undefined;
  private appended: Batch | undefined;
  private removeBeforeMs: number | undefined;
  private isOver = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: MediaBufferEvents,
  ) {
    this.source.addEventListener('sourceopen', () => this.pump());
    video.addEventListener('error', this.onVideoError);
    video.src = this.address;
  }

  get droppedFragments(): number {
    return this.queue.droppedFragments;
  }

  push(frame: Extract<TileFrame, { readonly kind: 'init' | 'fragment' }>): void {
    this.queue.push(frame);
    this.pump();
  }

  /** Media before this is not needed any more. */
  removeBefore(mediaMs: number): void {
    this.removeBeforeMs = mediaMs;
  }

  destroy(): void {
    this.isOver = true;
    this.video.removeEventListener('error', this.onVideoError);
    this.buffer?.removeEventListener('updateend', this.onUpdateEnd);
    this.video.removeAttribute('src');
    this.video.load();
    URL.revokeObjectURL(this.address);
  }

  private readonly onVideoError = (): void => this.fail('video-media');

  private readonly onUpdateEnd = (): void => {
    const { appended } = this;
    this.appended = undefined;
    const run = this.lastRun();
    if (appended?.kind === 'fragments' && run) this.events.onAppended(run, appended.fragments);
    this.pump();
  };

  private pump(): void {
    if (this.isOver || this.source.readyState !== 'open' || this.buffer?.updating) return;
    try {
      if (this.trim()) return;
      const batch = this.queue.take();
      if (batch) this.append(batch);
    } catch (error) {
      this.onRefused(error);
    }
  }

  private trim(): boolean {
    const untilMs = this.removeBeforeMs;
    this.removeBeforeMs = undefined;
    const ranges = this.buffer?.buffered;
    if (untilMs === undefined || !ranges || ranges.length === 0 || ranges.start(0) * 1_000 >= untilMs) return false;
    this.buffer!.remove(0, untilMs / 1_000);
    return true;
  }

  private append(batch: Batch): void {
    if (batch.kind === 'init') {
      if (!this.prepare(batch.mimeType)) return this.fail('video-codec');
    } else {
      this.place(batch.fragments);
    }
    this.appended = batch;
    this.buffer!.appendBuffer(batch.bytes);
  }

  private prepare(mimeType: string): boolean {
    if (!MediaSource.isTypeSupported(mimeType)) return false;
    if (!this.buffer) {
      this.buffer = this.source.addSourceBuffer(mimeType);
      this.buffer.addEventListener('updateend', this.onUpdateEnd);
    } else if (mimeType !== this.mimeType) {
      this.buffer.changeType(mimeType);
    }
    this.mimeType = mimeType;
    return true;
  }

  /** Each stream, and each connection to it, has a timeline of its own. */
  private place(fragments: readonly Fragment[]): void {
    const buffer = this.buffer!;
    const [first] = fragments;
    if (first!.isDiscontinuity) {
      const endMs = this.lastRun()?.endMs ?? 0;
      buffer.timestampOffset = (endMs - first!.showMs) / 1_000;
    }
    const offsetMs = buffer.timestampOffset * 1_000;
    for (const fragment of fragments) this.events.onPlaced(fragment, fragment.showMs + offsetMs);
  }

  private lastRun(): { startMs: number; endMs: number } | undefined {
    const ranges = this.buffer?.buffered;
    if (!ranges || ranges.length === 0) return undefined;
    const last = ranges.length - 1;
    return { startMs: ranges.start(last) * 1_000, endMs: ranges.end(last) * 1_000 };
  }

  /** A browser whose memory for media is full: what lies behind is given back, and it goes on at a key frame. */
  private onRefused(error: unknown): void {
    this.appended = undefined;
    if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError' || this.video.currentTime < 1) {
      return this.fail('video-media');
    }
    this.queue.restart();
    this.removeBefore(this.video.currentTime * 1_000 - 500);
    this.pump();
  }

  private fail(code: 'video-codec' | 'video-media'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.onFailure(code);
  }
}
