import { Assembly, type StreamCodec } from '#libs/codec';
import { AacDepacketizer } from './aac-depacketizer.ts';
import { MAX_HELD_PACKETS, MAX_HOLD_MS, ReorderBuffer } from './reorder-buffer.ts';
import { readRtcp } from './rtcp.ts';
import { RtpPacket } from './rtp-packet.ts';
import { VideoReceiver } from './video-receiver.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const MAX_ASSEMBLY_BYTES = 2_048;
const ROUTE = '80600001000000010000000a';
/** Parameter sets, a key picture and one more, in every payload structure, each packet behind its 16-bit length. */
const H264_STREAM = framed(
  `${ROUTE}67640028acd940780227e5c05a808080a000000300200000078060`,
  '80600002000000010000000a68ebe3cb20',
  '80600003000000010000000a7c85888400112233',
  '80e00004000000010000000a7c45445566',
  '80600005000010010000000a18000209100003060401',
  '80e00006000010010000000a419a223344',
);
const H265_STREAM = framed(
  `${ROUTE}6001001c40010c02ffff01600000030090000003000003003f00009594aca04800074401c172b46240`,
  '80600002000000010000000a42010201600000030090000003000003003f0000a005020169659594acb24995e02d010000030001000003001908',
  '80600003000000010000000a6201938000112233',
  '80e00004000000010000000a62015344556677',
  '80e00005000010010000000a0201d011223344',
);
const JPEG_STREAM = framed(
  `80600001000000010000000a00000000418002010004800000000040${'11'.repeat(64)}aabb`,
  '80e00002000000010000000a000000024180020100044002ccdd',
  '80e00003000010010000000a000000000132020100ffd9',
);
/** One unit, two units, a unit in two fragments: each payload behind its 16-bit length (RFC 3640 §3.2). */
const AAC_STREAM = framed('00100018aabbcc', '002000080010aabbcc', '00100020aabb', '00100020ccdd');
const SENDER_REPORT = Buffer.from(
  '80c8000612345678eead9a76f5a63f9a1a0aebd10000000100000002' +
    '81ca000612345678010e63616d657261406578616d706c6500000000',
  'hex',
);

export const rtpFuzzCases: readonly FuzzCase[] = [
  { name: 'rtp-header', seeds: [H264_STREAM.subarray(2)], run: checkHeader },
  { name: 'rtcp', seeds: [SENDER_REPORT], run: (bytes) => void readRtcp(bytes, 0, bytes.length, SILENT) },
  { name: 'h264-depacketizer', seeds: [H264_STREAM], run: (bytes) => receiveAll('h264', bytes) },
  { name: 'h265-depacketizer', seeds: [H265_STREAM], run: (bytes) => receiveAll('h265', bytes) },
  { name: 'jpeg-depacketizer', seeds: [JPEG_STREAM], run: (bytes) => receiveAll('mjpeg', bytes) },
  { name: 'aac-depacketizer', seeds: [AAC_STREAM], run: depacketizeAudio },
  { name: 'rtp-reorder', seeds: [H264_STREAM, H265_STREAM], run: reorder },
];

const SILENT = { onSenderReport: () => {}, onSourceName: () => {}, onBye: () => {} };

function framed(...packets: readonly string[]): Buffer {
  return Buffer.concat(
    packets.map((hex) => {
      const packet = Buffer.from(hex, 'hex');
      return Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 0xff]), packet]);
    }),
  );
}

function checkHeader(bytes: Buffer): void {
  const packet = new RtpPacket();
  if (!packet.parse(bytes, 0, bytes.length)) return;
  const { payloadFrom, payloadTo } = packet;
  if (payloadFrom < 12 || payloadFrom > payloadTo || payloadTo > bytes.length) throw new Error('payload out of bounds');
}

/** Every unit handed on has to be whole: length-prefixed NAL units that fill it exactly. */
function receiveAll(codec: StreamCodec, bytes: Buffer): void {
  const assembly = new Assembly(64, MAX_ASSEMBLY_BYTES);
  const receiver = new VideoReceiver({
    codec,
    payloadType: 96,
    clockRate: 90_000,
    assembly,
    parameterSets: [],
    reporterSsrc: 1,
    onFormat: () => {},
    onAccessUnit: (info) => {
      if (codec === 'mjpeg') checkJpeg(assembly, info.bytes);
      else checkUnit(assembly, info.bytes);
      if (assembly.unitStart > MAX_ASSEMBLY_BYTES / 2) assembly.rewind();
    },
    onRefusal: () => {},
  });
  let nowMs = 0;
  for (let at = 0; at + 2 <= bytes.length; nowMs += 5) {
    const end = Math.min(bytes.length, at + 2 + bytes.readUInt16BE(at));
    receiver.receiveRtp(bytes, at + 2, end, nowMs);
    if (assembly.buffer.length > MAX_ASSEMBLY_BYTES) throw new Error('the assembly outgrew its bound');
    at = end;
  }
  receiver.receiverReport(nowMs);
}

/** Every picture begins and ends as a JPEG does. */
function checkJpeg({ buffer, unitStart }: Assembly, unitBytes: number): void {
  const [begin, end] = [buffer.readUInt16BE(unitStart - unitBytes), buffer.readUInt16BE(unitStart - 2)];
  if (begin !== 0xffd8 || end !== 0xffd9) throw new Error('a picture that is no JPEG');
}

function checkUnit(assembly: Assembly, unitBytes: number): void {
  const { buffer, unitStart } = assembly;
  let at = unitStart - unitBytes;
  while (at + 4 < unitStart) at += 4 + buffer.readUInt32BE(at);
  if (at !== unitStart || unitBytes === 0) throw new Error('a unit that is not whole');
}

/** Every datagram comes out once, whatever its numbers say, and no more are held than there is room for. */
function reorder(bytes: Buffer): void {
  let pushed = 0;
  let out = 0;
  const count = (): void => void out++;
  const buffer = new ReorderBuffer({ onPacket: count, onLeftOver: count });
  for (let at = 0; at + 2 <= bytes.length; pushed++) {
    const to = Math.min(bytes.length, at + 2 + (bytes.readUInt16BE(at) & 0x3f));
    buffer.push(bytes.subarray(at + 2, to), pushed * 7);
    at = to;
    if (buffer.heldPackets >= MAX_HELD_PACKETS) throw new Error('holds more than it may');
  }
  buffer.tick(pushed * 7 + MAX_HOLD_MS * MAX_HELD_PACKETS);
  buffer.flush();
  if (out !== pushed) throw new Error(`${pushed} went in and ${out} came out`);
}

/** Units lie within what was given, or within 8 kB that were put together, and are never empty. */
function depacketizeAudio(bytes: Buffer): void {
  const depacketizer = new AacDepacketizer({
    onUnit: (buffer, from, to) => {
      if (from >= to || to > buffer.length) throw new Error('a unit out of bounds');
    },
  });
  for (let at = 0; at + 2 <= bytes.length;) {
    const to = Math.min(bytes.length, at + 2 + bytes.readUInt16BE(at));
    depacketizer.payload(bytes, at + 2, to, (bytes[at]! & 1) === 1);
    at = to;
  }
}
