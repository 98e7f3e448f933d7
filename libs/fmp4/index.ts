export { audioInitSegment } from './audio-init.ts';
export { DecodeTimes } from './decode-times.ts';
export { MAX_SAMPLES, SampleTable, fragmentHeadBytes, writeFragmentHead, type FragmentHead } from './fragment.ts';
export { readOwnFragment, type ReadSample } from './fragment-reader.ts';
export { initSegment } from './init-segment.ts';
export { TIMESCALE } from './movie-boxes.ts';
export { UnitFragmenter, type UnitFragment } from './unit-fragmenter.ts';
