/** One sample of a fragment that {@link writeFragmentHead} wrote. Times in ticks of its media timeline. */
export interface ReadSample {
  readonly dts: number;
  readonly pts: number;
  readonly isKey: boolean;
  /** Where it lies in the fragment's bytes. */
  readonly from: number;
  readonly to: number;
}

const STYP = 0x73747970;
/** moof 8, mfhd 16, traf 8, tfhd 20: `tfdt` follows (see `writeFragmentHead`). */
const TFDT_AT = 52;
const TFDT_BYTES = 20;
const TRUN_OFFSETS = 0x000800;
const NON_SYNC = 0x00010000;

/**
 * Samples of a fragment of our own making, in decode order: the way back from a part to access units. Only for bytes that
 * `writeFragmentHead` wrote in this process; it knows their layout and checks nothing.
 */
export function readOwnFragment(bytes: Buffer): ReadSample[] {
  const moofAt = bytes.readUInt32BE(4) === STYP ? bytes.readUInt32BE(0) : 0;
  const tfdtAt = moofAt + TFDT_AT;
  const trunAt = tfdtAt + TFDT_BYTES;
  const hasOffsets = (bytes.readUInt32BE(trunAt + 8) & TRUN_OFFSETS) !== 0;
  let dts = bytes.readUInt32BE(tfdtAt + 12) * 0x1_0000_0000 + bytes.readUInt32BE(tfdtAt + 16);
  let from = moofAt + bytes.readUInt32BE(trunAt + 16);
  let at = trunAt + 20;
  const samples: ReadSample[] = [];
  for (let left = bytes.readUInt32BE(trunAt + 12); left > 0; left--) {
    const to = from + bytes.readUInt32BE(at + 4);
    const isKey = (bytes.readUInt32BE(at + 8) & NON_SYNC) === 0;
    samples.push({ dts, pts: dts + (hasOffsets ? bytes.readInt32BE(at + 12) : 0), isKey, from, to });
    dts += bytes.readUInt32BE(at);
    from = to;
    at += hasOffsets ? 16 : 12;
  }
  return samples;
}
