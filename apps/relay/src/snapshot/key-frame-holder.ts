import type { TrackFormat } from '#libs/codec';
import { UnitFragmenter, initSegment } from '#libs/fmp4';
import type { CaptureTime, Sink, UnitView } from '#libs/relay';

/** A key picture of 4K at the best quality has 2 MB; what is larger is not kept. */
const MAX_KEY_FRAME_BYTES = 4 * 1024 * 1024;

/** The newest picture of a stream that can be decoded by itself. One object for each. */
export interface KeyFrame {
  /** `ftyp moov` and `moof mdat`: a file that ffmpeg reads from a pipe. */
  readonly file: readonly Buffer[];
  readonly captured: CaptureTime;
}

/** Bytes that all holders keep together. */
export interface KeyFrameBudget {
  usedBytes: number;
  readonly maxBytes: number;
}

/**
 * A reader of one stream's hub that keeps its newest key picture: one copy a group of pictures. It is in the hub only
 * while somebody asks for snapshots.
 */
export class KeyFrameHolder implements Sink {
  private readonly fragmenter = new UnitFragmenter(MAX_KEY_FRAME_BYTES);
  private init: Buffer | undefined;
  private held: KeyFrame | undefined;
  private heldBytes = 0;
  private readonly waiting = new Set<(frame: KeyFrame) => void>();
  /** Monotonic. */
  askedMs = 0;

  constructor(
    private readonly budget: KeyFrameBudget,
    private readonly captureTimeOf: (pts90k: number, arrivedMs: number) => CaptureTime,
  ) {}

  get frame(): KeyFrame | undefined {
    return this.held;
  }

  /** Hears of the next one, once. Answers how to stop waiting. */
  next(hear: (frame: KeyFrame) => void): () => void {
    this.waiting.add(hear);
    return () => this.waiting.delete(hear);
  }

  format(format: TrackFormat): void {
    this.init = initSegment(format);
    this.fragmenter.useFormat(format);
  }

  unit({ buffer, from, to, info }: UnitView): boolean {
    const hasRoom = this.budget.usedBytes - this.heldBytes + to - from <= this.budget.maxBytes;
    if (!info.isKey || !this.init || !hasRoom) return true;
    const fragment = this.fragmenter.add(buffer, from, to, info);
    if (fragment)
      this.hold({ file: [this.init, fragment.bytes], captured: this.captureTimeOf(info.pts90k, info.arrivedMs) });
    return true;
  }

  /** What is held stays what it was: a picture of its time. */
  gap(): void {
    this.fragmenter.breakRun();
  }

  /** Forgets it: nobody asks any more. */
  release(): void {
    this.budget.usedBytes -= this.heldBytes;
    this.heldBytes = 0;
    this.held = undefined;
    this.waiting.clear();
  }

  private hold(frame: KeyFrame): void {
    const bytes = frame.file.reduce((sum, part) => sum + part.length, 0);
    this.budget.usedBytes += bytes - this.heldBytes;
    this.heldBytes = bytes;
    this.held = frame;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const hear of waiting) hear(frame);
  }
}
