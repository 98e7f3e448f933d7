import type { Lease, MediaRange } from './media-memory.ts';

/** A run of frames as one fMP4 fragment: `[styp] moof mdat`. Readers send its bytes as they are. */
export interface Part {
  /** In order. Valid for as long as the {@link Segment.lease} is held. */
  readonly chunks: readonly Buffer[];
  readonly totalBytes: number;
  readonly durationTicks: number;
  /** Contains a key frame: decoding can start in it (draft-pantos-hls-rfc8216bis §4.4.4.9). */
  readonly isIndependent: boolean;
}

/** A part whose media bytes lie in blocks. Most parts are never asked for: views are made when one is. */
export class BlockPart implements Part {
  readonly totalBytes: number;

  /**
   * @param head everything in front of the media bytes, its own memory
   * @param media in order, in blocks of the segment's lease
   */
  constructor(
    private readonly head: Buffer,
    private readonly media: readonly MediaRange[],
    readonly durationTicks: number,
    readonly isIndependent: boolean,
  ) {
    this.totalBytes = media.reduce((sum, { from, to }) => sum + to - from, head.length);
  }

  get chunks(): readonly Buffer[] {
    return [this.head, ...this.media.map(({ bytes, from, to }) => bytes.subarray(from, to))];
  }
}

/**
 * A run of parts. It begins with a key frame, unless it continues one that had to be cut. While it is open, parts are added;
 * once closed it never changes.
 */
export interface Segment {
  readonly sequence: number;
  /** Number of the init segment that its parts need. */
  readonly initNumber: number;
  /** The timeline or the coding breaks before it: `EXT-X-DISCONTINUITY`. */
  readonly isDiscontinuous: boolean;
  /** When its first frame was taken, as well as that is known; wall clock. */
  readonly startsAtMs: number;
  readonly parts: readonly Part[];
  readonly durationTicks: number;
  readonly totalBytes: number;
  /** Held by the window; to be held by whoever reads the bytes later than at once. */
  readonly lease: Lease;
}
