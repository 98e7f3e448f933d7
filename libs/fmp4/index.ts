export { DecodeTimes } from './decode-times.ts';
export { MAX_SAMPLES, SampleTable, fragmentHeadBytes, writeFragmentHead, type FragmentHead } from './fragment.ts';
export { initSegment } from './init-segment.ts';
export { TIMESCALE } from './movie-boxes.ts';
