import { Assembly, type VideoCodec } from '#libs/codec';
import { readDecoderConfiguration } from './decoder-configuration.ts';
import { FlvVideo } from './flv-video.ts';
import { MAX_RECORD_SETS } from './limits.ts';
import { FlvReader } from './tag-reader.ts';
import { readVideoTag } from './video-tag.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const MAX_ASSEMBLY_BYTES = 2_048;
const MAX_TAG_BYTES = 2_048;

// By x264 and x265, as ffmpeg writes them into files; the second without its SEI.
const AVC_RECORD = fromHex('01640009ffe1001867640009acd94626c044000003000400000300c83c48965801000568ebecb22cfdf8f800');
const HEVC_RECORD = fromHex(
  '0101600000009000000000001ef000fcfdf8f800000f03a00001001840010c01ffff01600000030090000003000003001e959409' +
    'a10001002842010101600000030090000003000003001ea030810596565924caf0168080000003008000000c84a200010007' +
    '4401c172b42240',
);

/** Messages of one publisher, each behind its 16-bit length: a configuration, a key picture, a picture of two slices. */
const AVC_STREAM = framed(
  Buffer.concat([fromHex('1700000000'), AVC_RECORD]),
  fromHex('1701000050 00000006 6588840011aa'),
  fromHex('2701ffffd8 00000005 419a223344 00000004 4101ff22'),
);
const HEVC_STREAM = framed(
  Buffer.concat([fromHex('9068766331'), HEVC_RECORD]),
  fromHex('9168766331 000028 00000006 2601af112233'),
  fromHex('a368766331 00000006 0201d0112233'),
);

/** A file's header, a configuration and one key picture of two NAL units, by ffmpeg 5.1 (shortened). */
const FLV_FILE = fromHex(
  '464c56010100000009000000000900001300000000000000 1700000000 014d400affe10004674d400a010004' +
    '68ebe3cb 0000001e 0900000f00000000000000 1701000000 00000002 6588 00000002 6589 00000019',
);

export const flvFuzzCases: readonly FuzzCase[] = [
  { name: 'flv-file', seeds: [FLV_FILE], run: checkFile },
  { name: 'flv-video-tag', seeds: [AVC_STREAM.subarray(2), HEVC_STREAM.subarray(2)], run: checkHeader },
  { name: 'flv-avc-configuration', seeds: [AVC_RECORD], run: (bytes) => checkRecord('h264', bytes) },
  { name: 'flv-hevc-configuration', seeds: [HEVC_RECORD], run: (bytes) => checkRecord('h265', bytes) },
  { name: 'flv-video', seeds: [AVC_STREAM, HEVC_STREAM], run: receiveAll },
];

function fromHex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

function framed(...messages: readonly Buffer[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => [Buffer.from([message.length >> 8, message.length & 0xff]), message]),
  );
}

/** Whole or byte by byte, the same tags come out, and never one that is larger than allowed. */
function checkFile(bytes: Buffer): void {
  const whole = tagsOf([bytes]);
  const split = tagsOf(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)));
  if (whole !== split) throw new Error('tags depend on how the bytes come');
}

function tagsOf(chunks: readonly Buffer[]): string {
  const seen: string[] = [];
  const reader = new FlvReader({
    maxTagBytes: MAX_TAG_BYTES,
    onTag: ({ type, timestampMs, body }) => {
      if (body.length > MAX_TAG_BYTES) throw new Error('an endless tag');
      seen.push(`${type} ${timestampMs} ${body.toString('hex')}`);
    },
  });
  const problems = chunks.map((chunk) => reader.push(chunk));
  return [...seen, problems.at(-1)].join('\n');
}

function checkHeader(bytes: Buffer): void {
  const tag = readVideoTag(bytes);
  if ('from' in tag && tag.from > bytes.length) throw new Error('a picture that begins behind its tag');
  if (tag.kind === 'foreign' && !/^[ -~]{1,40}$/.test(tag.name)) throw new Error('a name that cannot be printed');
}

function checkRecord(codec: VideoCodec, bytes: Buffer): void {
  const read = readDecoderConfiguration(codec, bytes);
  if (read.ok && read.value.parameterSets.length > MAX_RECORD_SETS) throw new Error('too many parameter sets');
}

/** Every unit handed on has to be whole: length-prefixed NAL units that fill it exactly. */
function receiveAll(bytes: Buffer): void {
  const assembly = new Assembly(64, MAX_ASSEMBLY_BYTES);
  let refusals = 0;
  const video = new FlvVideo({
    assembly,
    onFormat: () => {},
    onAccessUnit: (info) => {
      if (refusals > 0 || !Number.isFinite(info.pts90k)) throw new Error('a unit that should not be');
      checkUnit(assembly, info.bytes);
      if (assembly.unitStart > MAX_ASSEMBLY_BYTES / 2) assembly.rewind();
    },
    onRefusal: () => {
      if (++refusals > 1) throw new Error('refused twice');
    },
  });
  for (let at = 0, nowMs = 0; at + 2 <= bytes.length; nowMs += 40) {
    const end = Math.min(bytes.length, at + 2 + bytes.readUInt16BE(at));
    video.tag(bytes.subarray(at + 2, end), (bytes[at + 1]! * 0x0101_0101) >>> 0, nowMs);
    if (assembly.buffer.length > MAX_ASSEMBLY_BYTES) throw new Error('the assembly outgrew its bound');
    at = end;
  }
}

function checkUnit(assembly: Assembly, unitBytes: number): void {
  const { buffer, unitStart } = assembly;
  let at = unitStart - unitBytes;
  while (at + 4 < unitStart) at += 4 + buffer.readUInt32BE(at);
  if (at !== unitStart || unitBytes === 0) throw new Error('a unit that is not whole');
}
