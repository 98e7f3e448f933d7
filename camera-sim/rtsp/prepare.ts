import type { Clip } from '../clip/clip.ts';
import type { SimCodec } from '../model.ts';

/** Dynamic payload type of the one video track (RFC 3551 §6). */
export const VIDEO_PAYLOAD_TYPE = 96;
/** RTP clock of H.264 and H.265 (RFC 6184 §8.2.1, RFC 7798 §7.1). */
export const VIDEO_CLOCK_HZ = 90_000;
/** `$`, channel and 16-bit length in front of each packet on the RTSP connection (RFC 2326 §10.12). */
export const FRAMING_BYTES = 4;
export const RTP_HEADER_BYTES = 12;
/** Keeps an RTP packet with IPv4 and UDP headers below the 1500 bytes of Ethernet. */
export const MAX_PAYLOAD_BYTES = 1_400;

/**
 * One picture as the run of packets that carries it, framed for interleaving:
 *
 * ```
 * $ | channel | length(16) | V P X CC | M PT | seq(16) | timestamp(32) | SSRC(32) | payload …  $ | …
 * 0   1         2            4          5      6         8               12         16
 * ```
 *
 * Made once for all readers. Channel, sequence number, timestamp and SSRC are left 0 and set by {@link stampRun} in a copy.
 */
export interface PreparedFrame {
  readonly run: Buffer;
  /** Where in `run` each packet's `$` is. */
  readonly packetAt: Uint32Array;
  readonly isKey: boolean;
  /** Position in the loop at which it is shown, the number its stamp carries. */
  readonly displayIndex: number;
}

export interface PreparedClip {
  readonly clip: Clip;
  /** In decoding order. */
  readonly frames: readonly PreparedFrame[];
  /** RTP ticks from one frame to the next. */
  readonly frameTicks: number;
}

/** `aggregate`: parameter sets share one packet (STAP-A, RFC 6184 §5.7.1; AP, RFC 7798 §4.4.2), as some makers do. */
export function prepareClip(clip: Clip, aggregate: boolean): PreparedClip {
  const frameTicks = VIDEO_CLOCK_HZ / clip.framesPerSecond;
  if (!Number.isInteger(frameTicks)) throw new Error(`clip ${clip.name}: a frame must last whole RTP ticks`);
  const frames = clip.accessUnits.map((unit) => {
    const nalUnits = aggregate ? withSetsAggregated(clip, unit.nalUnits) : unit.nalUnits;
    const payloads = nalUnits.flatMap((nalUnit) => payloadsOf(clip.codec, nalUnit));
    return { ...layOut(payloads), isKey: unit.isKey, displayIndex: unit.displayIndex };
  });
  return { clip, frames, frameTicks };
}

function layOut(payloads: readonly Buffer[]): { run: Buffer; packetAt: Uint32Array } {
  const overhead = FRAMING_BYTES + RTP_HEADER_BYTES;
  const run = Buffer.alloc(payloads.reduce((bytes, payload) => bytes + overhead + payload.length, 0));
  const packetAt = new Uint32Array(payloads.length);
  let at = 0;
  payloads.forEach((payload, position) => {
    packetAt[position] = at;
    run[at] = 0x24;
    run.writeUInt16BE(RTP_HEADER_BYTES + payload.length, at + 2);
    run[at + 4] = 0x80; // version 2, no padding, extension or CSRC (RFC 3550 §5.1)
    const isLast = position === payloads.length - 1;
    run[at + 5] = (isLast ? 0x80 : 0) | VIDEO_PAYLOAD_TYPE; // marker: last packet of the picture
    payload.copy(run, at + overhead);
    at += overhead + payload.length;
  });
  return { run, packetAt };
}

/** Single NAL unit packet when it fits, fragments otherwise. */
function payloadsOf(codec: SimCodec, nalUnit: Buffer): Buffer[] {
  if (nalUnit.length <= MAX_PAYLOAD_BYTES) return [nalUnit];
  return codec === 'h264' ? fragmentsH264(nalUnit) : fragmentsH265(nalUnit);
}

/** FU-A, RFC 6184 §5.8: `F NRI 28 | S E R type | bytes`, the NAL unit's own header byte is left out. */
function fragmentsH264(nalUnit: Buffer): Buffer[] {
  const first = nalUnit[0]!;
  return fragments(nalUnit.subarray(1), [(first & 0xe0) | 28], first & 0x1f);
}

/** FU, RFC 7798 §4.4.3: the two header bytes with type 49, then `S E type`. */
function fragmentsH265(nalUnit: Buffer): Buffer[] {
  const first = nalUnit[0]!;
  return fragments(nalUnit.subarray(2), [(first & 0x81) | (49 << 1), nalUnit[1]!], (first >> 1) & 0x3f);
}

function fragments(body: Buffer, header: readonly number[], type: number): Buffer[] {
  const room = MAX_PAYLOAD_BYTES - header.length - 1;
  const payloads: Buffer[] = [];
  for (let from = 0; from < body.length; from += room) {
    const to = Math.min(body.length, from + room);
    const startBit = from === 0 ? 0x80 : 0;
    const endBit = to === body.length ? 0x40 : 0;
    payloads.push(Buffer.concat([Buffer.from([...header, startBit | endBit | type]), body.subarray(from, to)]));
  }
  return payloads;
}

function withSetsAggregated(clip: Clip, nalUnits: readonly Buffer[]): Buffer[] {
  const sets = nalUnits.filter((nalUnit) => clip.parameterSets.some((set) => set.equals(nalUnit)));
  if (sets.length < 2) return [...nalUnits];
  return [aggregated(clip.codec, sets), ...nalUnits.filter((nalUnit) => !sets.includes(nalUnit))];
}

function aggregated(codec: SimCodec, nalUnits: readonly Buffer[]): Buffer {
  const header = codec === 'h264' ? [0x60 | 24] : [48 << 1, 1];
  const parts: Buffer[] = [Buffer.from(header)];
  for (const nalUnit of nalUnits) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(nalUnit.length);
    parts.push(length, nalUnit);
  }
  return Buffer.concat(parts);
}

/** What differs between readers of the same picture. */
export interface RunStamp {
  readonly channel: number;
  /** Sequence number of the first packet, 0..65535. */
  readonly sequence: number;
  /** RTP timestamp, already modulo 2^32. */
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Writes the stamp into every packet of the copy of `frame.run` that lies at `at` in `target`. */
export function stampRun(target: Buffer, at: number, frame: PreparedFrame, stamp: RunStamp): void {
  const { packetAt } = frame;
  const { channel, timestamp, ssrc } = stamp;
  for (let position = 0; position < packetAt.length; position++) {
    const packet = at + packetAt[position]!;
    target[packet + 1] = channel;
    const sequence = (stamp.sequence + position) & 0xffff;
    target[packet + 6] = sequence >>> 8;
    target[packet + 7] = sequence;
    writeUint32(target, packet + 8, timestamp);
    writeUint32(target, packet + 12, ssrc);
  }
}

/** Plain stores: `writeUInt32BE` checks its arguments on each of the 100,000 packets a second. */
function writeUint32(target: Buffer, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}
