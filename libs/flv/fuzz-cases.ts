import { readAvcVideo } from './avc-video.ts';
import { FLV_VIDEO, FlvReader } from './tag-reader.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const MAX_TAG_BYTES = 2_048;
/** Config and one key picture of two NAL units, by ffmpeg 5.1 (shortened). */
const FLV_STREAM = Buffer.from(
  '464c560101000000090000000009000013000000000000001700000000014d400affe10004674d400a010004' +
    '68ebe3cb0000001e0900000f00000000000000170100000000000002658800000002658900000019',
  'hex',
);

export const flvFuzzCases: readonly FuzzCase[] = [
  { name: 'flv', seeds: [FLV_STREAM], run: checkStream },
  { name: 'flv-avc', seeds: [FLV_STREAM.subarray(24, 43)], run: checkVideo },
];

/** Whole or byte by byte, the same tags come out, and never one that is larger than allowed. */
function checkStream(bytes: Buffer): void {
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
      if (type === FLV_VIDEO) checkVideo(body);
      seen.push(`${type} ${timestampMs} ${body.toString('hex')}`);
    },
  });
  const problems = chunks.map((chunk) => reader.push(chunk));
  return [...seen, problems.at(-1)].join('\n');
}

function checkVideo(body: Buffer): void {
  const video = readAvcVideo(body);
  if (video?.kind === 'config' && video.parameterSets.some((set) => set.length > body.length))
    throw new Error('too long');
  if (video?.kind !== 'picture') return;
  let last = 0;
  for (const { from, to } of video.nals) {
    if (from < last || to <= from || to > body.length) throw new Error('a NAL unit out of bounds');
    last = to;
  }
}
