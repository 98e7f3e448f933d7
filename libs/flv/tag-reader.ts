/**
 * ```
 * | 'FLV' | version 1 | flags 1 | header size 4 | PreviousTagSize0 4 |            Annex E.2, E.3
 * | type 1 | data size 3 | timestamp 3 | its upper byte 1 | stream 3 | data … | size of the tag 4 | …     E.4.1
 * ```
 */
const FILE_HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const SIZE_BYTES = 4;
const SIGNATURE = 0x464c56;
/** Reserved and filter bits: a filtered (encrypted) tag is none that we can read. */
const TYPE_MASK = 0x3f;

/** One tag; `body` is a view that is valid only during the call. */
export interface FlvTag {
  readonly type: number;
  /** Milliseconds, 32 bits; writers that count in 31 come round at 2^31. */
  readonly timestampMs: number;
  readonly body: Buffer;
}

export const FLV_VIDEO = 9;

export interface FlvReaderOptions {
  /** Of one tag's body. A larger one ends the reading: what follows cannot be found without it. */
  readonly maxTagBytes: number;
  onTag(tag: FlvTag): void;
}

/** What is wrong with a byte stream that no tag can be read from any more. */
export type FlvProblem = 'flv-signature' | 'flv-tag-too-large';

/** Adobe Flash Video File Format 10.1, Annex E: pushes bytes in as they come, gets whole tags. */
export class FlvReader {
  private held: Buffer = Buffer.alloc(0);
  private skipBytes = 0;
  private hasHeader = false;
  private problem: FlvProblem | undefined;

  constructor(private readonly options: FlvReaderOptions) {}

  /** @returns what is wrong, from then on for ever; `undefined` while all is well */
  push(chunk: Buffer): FlvProblem | undefined {
    if (this.problem) return this.problem;
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    let at = this.skipFrom(0);
    while (this.skipBytes === 0 && this.problem === undefined) {
      const next = this.hasHeader ? this.tag(at) : this.header(at);
      if (next === undefined) break;
      at = this.skipFrom(next);
    }
    // The rest is copied: a chunk that is kept whole for its last bytes would keep its memory too.
    this.held = this.problem ? Buffer.alloc(0) : Buffer.from(this.held.subarray(at));
    return this.problem;
  }

  /** Place behind what is to be skipped, as far as it is there. */
  private skipFrom(at: number): number {
    const skipped = Math.min(this.skipBytes, this.held.length - at);
    this.skipBytes -= skipped;
    return at + skipped;
  }

  private header(at: number): number | undefined {
    if (this.held.length - at < FILE_HEADER_BYTES) return undefined;
    if (this.held.readUIntBE(at, 3) !== SIGNATURE) {
      this.problem = 'flv-signature';
      return undefined;
    }
    this.hasHeader = true;
    this.skipBytes = Math.max(0, this.held.readUInt32BE(at + 5) - FILE_HEADER_BYTES) + SIZE_BYTES;
    return at + FILE_HEADER_BYTES;
  }

  private tag(at: number): number | undefined {
    const { held } = this;
    if (held.length - at < TAG_HEADER_BYTES) return undefined;
    const bytes = held.readUIntBE(at + 1, 3);
    if (bytes > this.options.maxTagBytes) {
      this.problem = 'flv-tag-too-large';
      return undefined;
    }
    const end = at + TAG_HEADER_BYTES + bytes;
    if (held.length < end) return undefined;
    const timestampMs = (held.readUIntBE(at + 4, 3) | (held[at + 7]! << 24)) >>> 0;
    const body = held.subarray(at + TAG_HEADER_BYTES, end);
    this.options.onTag({ type: held[at]! & TYPE_MASK, timestampMs, body });
    this.skipBytes = SIZE_BYTES;
    return end;
  }
}
