import { parseAudioConfig } from './aac.ts';
import { codecEvidence } from './codec-evidence.ts';
import { parseH264Sps } from './h264-sps.ts';
import { parseH265Sps } from './h265-sps.ts';
import { H264ParameterSets, H265ParameterSets, type ParameterSets } from './parameter-sets.ts';
import { MAX_PICTURE_SIDE_PX } from './limits.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

// By x264 and x265: cases h264-hrd and h265-layers of testdata/parameter-sets.json.
const H264_SPS = fromHex('6764001eacd940a02ff9701100000300010000030032602001e840007a13930c01e2c5b2c0');
const H264_PPS = fromHex('68ebecb22c');
const H265_VPS = fromHex('40010c02ffff01600000030090000003000003003f00009594aca048');
const H265_SPS = fromHex(
  '42010201600000030090000003000003003f0000a005020169659594acb24995e02d010000030001000003001908',
);
const H265_PPS = fromHex('4401c172b46240');

export const codecFuzzCases: readonly FuzzCase[] = [
  { name: 'h264-sps', seeds: [H264_SPS], run: (bytes) => checkSize(parseH264Sps(bytes)) },
  { name: 'h265-sps', seeds: [H265_SPS], run: (bytes) => checkSize(parseH265Sps(bytes)) },
  {
    name: 'h264-parameter-sets',
    seeds: [behindLengths(H264_SPS, H264_PPS)],
    run: (bytes) => offerPieces(new H264ParameterSets(), bytes),
  },
  {
    name: 'h265-parameter-sets',
    seeds: [behindLengths(H265_VPS, H265_SPS, H265_PPS)],
    run: (bytes) => offerPieces(new H265ParameterSets(), bytes),
  },
  { name: 'aac-config', seeds: [fromHex('1408'), fromHex('1588')], run: checkAudio },
  {
    name: 'codec-evidence',
    seeds: [H264_SPS, H265_SPS],
    run: (bytes) => void codecEvidence(bytes, 0, bytes.length),
  },
];

function checkAudio(bytes: Buffer): void {
  const format = parseAudioConfig(bytes);
  if (format && !(format.sampleRate >= 7_350 && format.sampleRate <= 96_000 && format.channels <= 8)) {
    throw new Error(`impossible sound ${format.sampleRate} Hz x ${format.channels}`);
  }
}

function fromHex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

function behindLengths(...nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [Buffer.from([nal.length]), nal]));
}

function checkSize(picture: { readonly widthPx: number; readonly heightPx: number } | undefined): void {
  if (!picture) return;
  const sides = [picture.widthPx, picture.heightPx];
  if (sides.some((px) => !Number.isInteger(px) || px < 1 || px > MAX_PICTURE_SIDE_PX)) {
    throw new Error(`impossible picture ${sides.join('x')}`);
  }
}

/** The bytes as several parameter sets, each behind one byte of length. */
function offerPieces(sets: ParameterSets, bytes: Buffer): void {
  for (let at = 0; at + 1 < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + Math.max(1, bytes[at]!));
    sets.offer(bytes, at + 1, end);
    at = end;
  }
  checkSize(sets.format());
}
