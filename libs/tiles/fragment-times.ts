/** When the one picture of a fragment is shown, on the media timeline of its stream. */
export interface FragmentTimes {
  readonly showMs: number;
  readonly durationMs: number;
}

/** Ticks a millisecond: the relay's init segments say 90,000 a second (libs/fmp4). */
const TICKS_A_MS = 90;
/** Past this a time is not from a relay: 1,000 years. */
const MAX_SHOW_MS = 1_000 * 366 * 86_400_000;

const MOOF = 0x6d6f6f66;
const TRAF = 0x74726166;
const TFHD = 0x74666864;
const TFDT = 0x74666474;
const TRUN = 0x7472756e;

interface Box {
  /** First byte of its content. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads `moof/traf/tfdt` and the first sample of `moof/traf/trun` (ISO/IEC 14496-12 §8.8.12, §8.8.8): what a page needs
 * to place a fragment and to know later which one it displays. `undefined` when they are not there.
 */
export function readFragmentTimes(bytes: Uint8Array): FragmentTimes | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const traf = within(view, within(view, { from: 0, to: bytes.length }, MOOF), TRAF);
  const decodeTicks = decodeTicksOf(view, within(view, traf, TFDT));
  const sample = firstSampleOf(view, within(view, traf, TRUN));
  const durationTicks = sample?.durationTicks ?? defaultDurationOf(view, within(view, traf, TFHD));
  if (decodeTicks === undefined || !sample || durationTicks === undefined) return undefined;
  const showMs = (decodeTicks + sample.offsetTicks) / TICKS_A_MS;
  if (showMs < 0 || showMs > MAX_SHOW_MS) return undefined;
  return { showMs, durationMs: durationTicks / TICKS_A_MS };
}

/** The first box of that type directly inside `box`. */
function within(view: DataView, box: Box | undefined, type: number): Box | undefined {
  if (!box) return undefined;
  for (let at = box.from; at + 8 <= box.to;) {
    const end = at + view.getUint32(at);
    if (end < at + 8 || end > box.to) return undefined;
    if (view.getUint32(at + 4) === type) return { from: at + 8, to: end };
    at = end;
  }
  return undefined;
}

function decodeTicksOf(view: DataView, tfdt: Box | undefined): number | undefined {
  if (!tfdt || tfdt.to - tfdt.from < 8) return undefined;
  if (view.getUint8(tfdt.from) === 0) return view.getUint32(tfdt.from + 4);
  if (tfdt.to - tfdt.from < 12) return undefined;
  return view.getUint32(tfdt.from + 4) * 0x1_0000_0000 + view.getUint32(tfdt.from + 8);
}

/** §8.8.7: base-data-offset (8 bytes), sample-description-index, then the duration. */
function defaultDurationOf(view: DataView, tfhd: Box | undefined): number | undefined {
  if (!tfhd || tfhd.to - tfhd.from < 8) return undefined;
  const flags = view.getUint32(tfhd.from) & 0xffffff;
  const at = tfhd.from + 8 + ((flags & 1) !== 0 ? 8 : 0) + ((flags & 2) !== 0 ? 4 : 0);
  return (flags & 8) !== 0 && at + 4 <= tfhd.to ? view.getUint32(at) : undefined;
}

const HAS_DATA_OFFSET = 0x000001;
const HAS_FIRST_FLAGS = 0x000004;
const HAS_DURATION = 0x000100;
const HAS_SIZE = 0x000200;
const HAS_FLAGS = 0x000400;
const HAS_OFFSETS = 0x000800;

function firstSampleOf(
  view: DataView,
  trun: Box | undefined,
): { durationTicks: number | undefined; offsetTicks: number } | undefined {
  if (!trun || trun.to - trun.from < 8 || view.getUint32(trun.from + 4) === 0) return undefined;
  const flags = view.getUint32(trun.from) & 0xffffff;
  const sampleAt = trun.from + 8 + wordsOf(flags, HAS_DATA_OFFSET | HAS_FIRST_FLAGS);
  const offsetAt = sampleAt + wordsOf(flags, HAS_DURATION | HAS_SIZE | HAS_FLAGS);
  if (offsetAt + wordsOf(flags, HAS_OFFSETS) > trun.to) return undefined;
  return {
    durationTicks: (flags & HAS_DURATION) !== 0 ? view.getUint32(sampleAt) : undefined,
    offsetTicks: (flags & HAS_OFFSETS) !== 0 ? view.getInt32(offsetAt) : 0,
  };
}

/** Bytes of those of the fields that are there, four each. */
function wordsOf(flags: number, fields: number): number {
  let bytes = 0;
  for (let left = flags & fields; left !== 0; left &= left - 1) bytes += 4;
  return bytes;
}
