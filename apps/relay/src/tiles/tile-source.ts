import type { TrackFormat } from '#libs/codec';
import { UnitFragmenter, initSegment } from '#libs/fmp4';
import type { CaptureTime, Sink, UnitView } from '#libs/relay';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, initPayload, mimeTypeOf } from '#libs/tiles';

/** What all tiles of a stream share: made once, sent as it is. */
export interface TileFragment {
  readonly payload: Buffer;
  readonly isKey: boolean;
  readonly captured: CaptureTime;
  /** Monotonic. */
  readonly arrivedMs: number;
}

/** One tile of one page. None of these may wait. */
export interface TileReader {
  fragment(fragment: TileFragment): void;
  /** The stream broke: the next fragment is a key one and may need another init. */
  broken(): void;
  /** The stream is no more; the source has let go of the reader. */
  ended(): void;
}

/** Kept so that a new tile starts at once. A longer run of pictures is not kept: such a tile waits for a key frame. */
export const MAX_GOP_BYTES = 2 * 1024 * 1024;
const MAX_GOP_FRAGMENTS = 600;
/** Hard bound of tiles of one stream, over all pages. */
const MAX_READERS = 2_048;

export interface TileSourceOptions {
  /** Joins the hub. May call {@link TileSource.format} and {@link TileSource.unit} with what was there before. */
  join(sink: Sink): void;
  /** Nobody reads any more. */
  leave(sink: Sink): void;
  captureTimeOf(pts90k: number, arrivedMs: number): CaptureTime;
  /** The stream broke: what comes may be of another connection. */
  broken(): void;
}

/**
 * One stream as tiles see it: every access unit as one fragment, the newest run of them since a key unit, and who reads.
 * It is in the hub only while somebody reads; a stream that nobody watches costs nothing here.
 */
export class TileSource implements Sink {
  private readonly readers = new Set<TileReader>();
  private readonly fragmenter = new UnitFragmenter(MAX_FRAME_BYTES - FRAME_HEADER_BYTES);
  private currentInit: Uint8Array | undefined;
  private run: TileFragment[] = [];
  private runBytes = 0;

  constructor(private readonly options: TileSourceOptions) {}

  get size(): number {
    return this.readers.size;
  }

  /** Payload of the init frame that {@link TileSource.gop} and what follows need. Another object for another format. */
  get init(): Uint8Array | undefined {
    return this.currentInit;
  }

  /** The fragments since the last key frame, beginning with it; empty when they are not kept. */
  get gop(): readonly TileFragment[] {
    return this.run;
  }

  get gopBytes(): number {
    return this.runBytes;
  }

  /** `false` when there are too many. What is in {@link TileSource.gop} the reader takes by itself. */
  add(reader: TileReader): boolean {
    if (this.readers.size >= MAX_READERS) return false;
    if (this.readers.size === 0) this.options.join(this);
    this.readers.add(reader);
    return true;
  }

  remove(reader: TileReader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    this.options.leave(this);
    this.forget();
  }

  /** The stream is taken away from this relay, or reached differently from now on. */
  end(): void {
    const readers = [...this.readers];
    this.readers.clear();
    if (readers.length > 0) this.options.leave(this);
    this.forget();
    for (const reader of readers) reader.ended();
  }

  format(format: TrackFormat): void {
    this.fragmenter.useFormat(format);
    this.currentInit = initPayload(mimeTypeOf(format.codecString), initSegment(format));
    this.breakRun();
  }

  unit(view: UnitView): boolean {
    const { info } = view;
    const made = this.fragmenter.add(view.buffer, view.from, view.to, info);
    if (!made) {
      this.breakRun();
      return false;
    }
    const captured = this.options.captureTimeOf(info.pts90k, info.arrivedMs);
    const fragment = { payload: made.bytes, isKey: made.isKey, captured, arrivedMs: info.arrivedMs };
    this.keep(fragment);
    for (const reader of this.readers) reader.fragment(fragment);
    return true;
  }

  gap(): void {
    this.options.broken();
    this.fragmenter.breakRun();
    this.breakRun();
  }

  private keep(fragment: TileFragment): void {
    if (fragment.isKey) this.dropRun();
    else if (this.run.length === 0) return;
    this.run.push(fragment);
    this.runBytes += fragment.payload.length;
    if (this.runBytes > MAX_GOP_BYTES || this.run.length > MAX_GOP_FRAGMENTS) this.dropRun();
  }

  private breakRun(): void {
    this.dropRun();
    for (const reader of this.readers) reader.broken();
  }

  private dropRun(): void {
    this.run = [];
    this.runBytes = 0;
  }

  private forget(): void {
    this.fragmenter.breakRun();
    this.currentInit = undefined;
    this.dropRun();
  }
}
