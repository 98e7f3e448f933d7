import { TRACK_ID } from './movie-boxes.ts';

/** Most samples of one fragment. A part of 200 ms at 120 frames a second holds 24. */
export const MAX_SAMPLES = 64;

/** Longest sample duration that is written: 60 s. A `trun` field holds 32 bits. */
const MAX_DURATION_TICKS = 60 * 90_000;

/**
 * The samples of the fragment under construction, as columns: no object per frame. Times are in ticks of the media
 * timeline and may pass 2^32. The owner fills it in decode order and clears it when the fragment was written.
 */
export class SampleTable {
  count = 0;
  /** Size of all samples together. */
  totalBytes = 0;
  readonly sizes = new Uint32Array(MAX_SAMPLES);
  readonly dts = new Float64Array(MAX_SAMPLES);
  /** Composition time minus decode time; may be negative. */
  readonly offsets = new Int32Array(MAX_SAMPLES);
  /** 1 for a sample at which decoding can start. */
  readonly keys = new Uint8Array(MAX_SAMPLES);
  private hasOffsets = false;
  private keyCount = 0;

  /** `false` when the table is full. */
  push(bytes: number, dts: number, pts: number, isKey: boolean): boolean {
    if (this.count === MAX_SAMPLES) return false;
    const index = this.count++;
    this.sizes[index] = bytes;
    this.dts[index] = dts;
    this.offsets[index] = pts - dts;
    this.keys[index] = isKey ? 1 : 0;
    this.totalBytes += bytes;
    if (isKey) this.keyCount++;
    if (pts !== dts) this.hasOffsets = true;
    return true;
  }

  /** A table whose samples are shown in the order they are decoded needs no composition offsets. */
  get needsOffsets(): boolean {
    return this.hasOffsets;
  }

  get isFull(): boolean {
    return this.count === MAX_SAMPLES;
  }

  /** Decode time of the first sample; 0 when empty. */
  get startTicks(): number {
    return this.count === 0 ? 0 : this.dts[0]!;
  }

  /** Decoding can start at one of its samples. */
  get hasKey(): boolean {
    return this.keyCount > 0;
  }

  clear(): void {
    this.count = 0;
    this.totalBytes = 0;
    this.hasOffsets = false;
    this.keyCount = 0;
  }
}

const BOX_BYTES = 8;
const MFHD_BYTES = 16;
const TFHD_BYTES = 20;
const TFDT_BYTES = 20;
const TRUN_HEAD_BYTES = 20;
const STYP_BYTES = 24;

/** What opens a fragment in front of its media bytes. */
export interface FragmentHead {
  /** Grows by one from fragment to fragment (`mfhd`). */
  readonly sequence: number;
  /** Decode time at which the sample after the last one starts: gives the last sample its duration. */
  readonly endTicks: number;
  /** First fragment of a segment: `styp` in front. */
  readonly opensSegment: boolean;
}

/** Bytes that {@link writeFragmentHead} will write for this table. */
export function fragmentHeadBytes(samples: SampleTable, opensSegment: boolean): number {
  return (opensSegment ? STYP_BYTES : 0) + moofBytes(samples) + BOX_BYTES;
}

function moofBytes(samples: SampleTable): number {
  return BOX_BYTES + MFHD_BYTES + trafBytes(samples);
}

function trafBytes(samples: SampleTable): number {
  return BOX_BYTES + TFHD_BYTES + TFDT_BYTES + trunBytes(samples);
}

function trunBytes(samples: SampleTable): number {
  return TRUN_HEAD_BYTES + samples.count * (samples.needsOffsets ? 16 : 12);
}

/**
 * Writes `[styp] moof mdat-header` at `at`; the media bytes follow it unchanged. Returns the position behind.
 *
 * ```
 * styp | moof ( mfhd | traf ( tfhd | tfdt | trun ) ) | mdat size+type | samples ...
 *      ^ data offset of trun is counted from here (default-base-is-moof)
 * ```
 */
export function writeFragmentHead(out: Buffer, at: number, samples: SampleTable, head: FragmentHead): number {
  let next = head.opensSegment ? styp(out, at) : at;
  next = boxHead(out, next, moofBytes(samples), MOOF);
  next = mfhd(out, next, head.sequence);
  next = boxHead(out, next, trafBytes(samples), TRAF);
  next = tfhd(out, next);
  next = tfdt(out, next, samples.startTicks);
  next = trun(out, next, samples, head.endTicks);
  return mdat(out, next, samples.totalBytes);
}

const MOOF = fourLetters('moof');
const TRAF = fourLetters('traf');
const MFHD = fourLetters('mfhd');
const TFHD = fourLetters('tfhd');
const TFDT = fourLetters('tfdt');
const TRUN = fourLetters('trun');
const MDAT = fourLetters('mdat');
const STYP = fourLetters('styp');
const MSDH = fourLetters('msdh');
const MSIX = fourLetters('msix');
const CMFS = fourLetters('cmfs');

function fourLetters(name: string): number {
  return Buffer.from(name, 'latin1').readUInt32BE(0);
}

function boxHead(out: Buffer, at: number, size: number, type: number): number {
  out.writeUInt32BE(size, at);
  out.writeUInt32BE(type, at + 4);
  return at + BOX_BYTES;
}

/** §8.16.2: major brand `msdh`, version 0; `msix` and, for CMAF (ISO/IEC 23000-19 §7.3.2), `cmfs` are compatible. */
function styp(out: Buffer, at: number): number {
  const next = boxHead(out, at, STYP_BYTES, STYP);
  out.writeUInt32BE(MSDH, next);
  out.writeUInt32BE(0, next + 4);
  out.writeUInt32BE(MSIX, next + 8);
  out.writeUInt32BE(CMFS, next + 12);
  return next + 16;
}

/** §8.8.5 */
function mfhd(out: Buffer, at: number, sequence: number): number {
  const next = boxHead(out, at, MFHD_BYTES, MFHD);
  out.writeUInt32BE(0, next);
  out.writeUInt32BE(sequence >>> 0, next + 4);
  return next + 8;
}

/** §8.8.7 flags: default-base-is-moof, default-sample-flags-present. */
const TFHD_FLAGS = 0x020020;
/** §8.8.3.1: depends on others and is not a sync sample; depends on none. */
const FLAGS_DELTA = 0x01010000;
const FLAGS_KEY = 0x02000000;

function tfhd(out: Buffer, at: number): number {
  const next = boxHead(out, at, TFHD_BYTES, TFHD);
  out.writeUInt32BE(TFHD_FLAGS, next);
  out.writeUInt32BE(TRACK_ID, next + 4);
  out.writeUInt32BE(FLAGS_DELTA, next + 8);
  return next + 12;
}

/** §8.8.12, version 1: 64 bits, enough for as long as a relay may run. */
function tfdt(out: Buffer, at: number, startTicks: number): number {
  const next = boxHead(out, at, TFDT_BYTES, TFDT);
  out.writeUInt32BE(0x01000000, next);
  out.writeUInt32BE(Math.floor(startTicks / 0x1_0000_0000), next + 4);
  out.writeUInt32BE(startTicks >>> 0, next + 8);
  return next + 12;
}

/** §8.8.8 version 1 (signed composition offsets). Flags: data offset, duration, size, flags; and offsets where needed. */
const TRUN_FLAGS = 0x000001 | 0x000100 | 0x000200 | 0x000400;
const TRUN_OFFSETS = 0x000800;

function trun(out: Buffer, at: number, samples: SampleTable, endTicks: number): number {
  const withOffsets = samples.needsOffsets;
  let next = boxHead(out, at, trunBytes(samples), TRUN);
  out.writeUInt32BE(0x01000000 | TRUN_FLAGS | (withOffsets ? TRUN_OFFSETS : 0), next);
  out.writeUInt32BE(samples.count, next + 4);
  out.writeUInt32BE(moofBytes(samples) + BOX_BYTES, next + 8);
  next += 12;
  for (let index = 0; index < samples.count; index++) {
    const end = index + 1 < samples.count ? samples.dts[index + 1]! : endTicks;
    out.writeUInt32BE(durationOf(samples.dts[index]!, end), next);
    out.writeUInt32BE(samples.sizes[index]!, next + 4);
    out.writeUInt32BE(samples.keys[index] === 1 ? FLAGS_KEY : FLAGS_DELTA, next + 8);
    next += 12;
    if (!withOffsets) continue;
    out.writeInt32BE(samples.offsets[index]!, next);
    next += 4;
  }
  return next;
}

function durationOf(startTicks: number, endTicks: number): number {
  return Math.min(MAX_DURATION_TICKS, Math.max(0, endTicks - startTicks));
}

/** §8.1.1 */
function mdat(out: Buffer, at: number, mediaBytes: number): number {
  return boxHead(out, at, BOX_BYTES + mediaBytes, MDAT);
}
