import { ok, refusal, refused, type Clock, type Refusal, type Result } from '#libs/base';
import type { CaptureTime, Sink } from '#libs/relay';
import type { FfmpegOrder } from '../ffmpeg/fluent.ts';
import { stillOrder } from '../ffmpeg/orders.ts';
import { KeyFrameHolder, type KeyFrame } from './key-frame-holder.ts';

/** What may be asked for: a row of a list, a card, a tile, a large picture. */
export const SNAPSHOT_WIDTHS_PX = [160, 320, 640, 1280] as const;
export type SnapshotWidthPx = (typeof SNAPSHOT_WIDTHS_PX)[number];

/** A picture of a stream is made at most this often in one width: who asks once a second gets a new one each time. */
const FRESH_MS = 900;
/** For overviews: many people look over the same cameras. */
const OVERVIEW_FRESH_MS = 20_000;
/** Streams whose newest key picture is kept, and all of them together. */
const MAX_STREAMS = 256;
const MAX_KEY_FRAME_BYTES = 64 * 1024 * 1024;
/** Kept since the last asking. A page of thumbnails asks once a minute: that is not worth holding on. */
const LINGER_MS = 10_000;
/** A stream on demand, or one that was just joined, has to send a key picture first. */
const FIRST_PICTURE_MS = 8_000;
/** Finished pictures, the least recently used one goes first. */
const MAX_PICTURES = 512;
const MAX_PICTURE_BYTES = 16 * 1024 * 1024;
const TICK_MS = 1_000;

/** What is needed of a stream to make pictures of it. */
export interface SnapshotStream {
  attach(sink: Sink): boolean;
  detach(sink: Sink): void;
  captureTimeOf(pts90k: number, arrivedMs: number): CaptureTime;
  /** The newest key picture there is without asking the camera for anything: of now, or of when the stream was let go. */
  peek(): KeyFrame | undefined;
}

export interface Snapshot {
  readonly jpeg: Buffer;
  readonly captured: CaptureTime;
}

export interface SnapshotMakerOptions {
  readonly clock: Clock;
  /** One short run of ffmpeg. */
  make(order: FfmpegOrder, input: readonly Buffer[]): Promise<Result<Buffer>>;
}

interface Picture extends Snapshot {
  readonly of: KeyFrame;
  readonly madeMs: number;
}

/** Pictures of live streams as JPEG, made when asked for: the newest key picture of a stream, decoded and scaled. */
export class SnapshotMaker {
  private readonly holders = new Map<SnapshotStream, KeyFrameHolder>();
  private readonly budget = { usedBytes: 0, maxBytes: MAX_KEY_FRAME_BYTES };
  private readonly pictures = new Map<string, Picture>();
  private pictureBytes = 0;
  private readonly pending = new Map<string, Promise<Result<Snapshot>>>();

  constructor(private readonly options: SnapshotMakerOptions) {}

  get streamCount(): number {
    return this.holders.size;
  }

  /** Lets go of streams that nobody asks for, until `signal` aborts. */
  run(signal: AbortSignal): void {
    const ticker = this.options.clock.every(TICK_MS, () => this.tick());
    signal.addEventListener('abort', () => {
      ticker.cancel();
      for (const stream of this.holders.keys()) this.letGo(stream);
    });
  }

  /**
   * @param name of the stream: who asks for the same at the same time gets the same picture
   * Refused: `too-many-snapshots`, `stream-not-ready`, and what ffmpeg is refused with.
   */
  picture(name: string, stream: SnapshotStream, widthPx: SnapshotWidthPx): Promise<Result<Snapshot>> {
    const key = `${name} ${widthPx}`;
    const known = this.pending.get(key);
    if (known) return known;
    const asked = this.ask(key, stream, widthPx).finally(() => this.pending.delete(key));
    this.pending.set(key, asked);
    return asked;
  }

  /**
   * Like {@link picture}, for an overview: the newest there is, however old. The camera is asked for nothing, and the stream is
   * not held. Refused: `picture-none`, and what ffmpeg is refused with.
   */
  glance(name: string, stream: SnapshotStream, widthPx: SnapshotWidthPx): Promise<Result<Snapshot>> {
    const key = `${name} ${widthPx}`;
    const pendingKey = `${key} glance`;
    const known = this.pending.get(pendingKey);
    if (known) return known;
    const asked = this.look(key, stream, widthPx).finally(() => this.pending.delete(pendingKey));
    this.pending.set(pendingKey, asked);
    return asked;
  }

  private async look(key: string, stream: SnapshotStream, widthPx: SnapshotWidthPx): Promise<Result<Snapshot>> {
    const kept = this.pictures.get(key);
    if (kept && this.options.clock.monotonicMs() - kept.madeMs < OVERVIEW_FRESH_MS) return ok(kept);
    const frame = this.holders.get(stream)?.frame ?? stream.peek();
    if (kept && (!frame || kept.captured.atMs >= frame.captured.atMs)) return ok(kept);
    return frame ? this.make(key, frame, widthPx) : refused(NO_PICTURE);
  }

  private async ask(key: string, stream: SnapshotStream, widthPx: SnapshotWidthPx): Promise<Result<Snapshot>> {
    const holder = this.holderOf(stream);
    if (!holder) return refused(TOO_MANY);
    const frame = holder.frame ?? (await this.firstOf(holder));
    if (!frame) return refused(NOT_READY);
    const kept = this.pictures.get(key);
    if (kept && (kept.of === frame || this.options.clock.monotonicMs() - kept.madeMs < FRESH_MS)) return ok(kept);
    return this.make(key, frame, widthPx);
  }

  private async make(key: string, frame: KeyFrame, widthPx: SnapshotWidthPx): Promise<Result<Snapshot>> {
    const made = await this.options.make(stillOrder(widthPx), frame.file);
    if (!made.ok) return made;
    const picture = { jpeg: made.value, captured: frame.captured, of: frame, madeMs: this.options.clock.monotonicMs() };
    this.keep(key, picture);
    return ok(picture);
  }

  private holderOf(stream: SnapshotStream): KeyFrameHolder | undefined {
    const nowMs = this.options.clock.monotonicMs();
    let holder = this.holders.get(stream);
    if (!holder) {
      if (this.holders.size >= MAX_STREAMS) return undefined;
      holder = new KeyFrameHolder(this.budget, (pts90k, arrivedMs) => stream.captureTimeOf(pts90k, arrivedMs));
      if (!stream.attach(holder)) return undefined;
      this.holders.set(stream, holder);
    }
    holder.askedMs = nowMs;
    return holder;
  }

  private firstOf(holder: KeyFrameHolder): Promise<KeyFrame | undefined> {
    return new Promise((resolve) => {
      const stopWaiting = holder.next((frame) => {
        limit.cancel();
        resolve(frame);
      });
      const limit = this.options.clock.after(FIRST_PICTURE_MS, () => {
        stopWaiting();
        resolve(undefined);
      });
    });
  }

  private keep(key: string, picture: Picture): void {
    this.drop(key);
    this.pictures.set(key, picture);
    this.pictureBytes += picture.jpeg.length;
    for (const oldest of this.pictures.keys()) {
      if (this.pictures.size <= MAX_PICTURES && this.pictureBytes <= MAX_PICTURE_BYTES) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.pictureBytes -= this.pictures.get(key)?.jpeg.length ?? 0;
    this.pictures.delete(key);
  }

  private tick(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const [stream, holder] of this.holders) if (nowMs - holder.askedMs > LINGER_MS) this.letGo(stream);
  }

  private letGo(stream: SnapshotStream): void {
    const holder = this.holders.get(stream);
    if (!holder) return;
    this.holders.delete(stream);
    stream.detach(holder);
    holder.release();
  }
}

const TOO_MANY: Refusal = refusal(
  'too-many',
  'too-many-snapshots',
  `pictures of ${MAX_STREAMS} streams are being made`,
);
const NO_PICTURE: Refusal = refusal(
  'unavailable',
  'picture-none',
  'nobody has watched this camera since the relay began, and it is not woken for an overview',
);
const NOT_READY: Refusal = refusal(
  'unavailable',
  'stream-not-ready',
  `no key picture within ${FIRST_PICTURE_MS / 1_000} s of asking`,
);
