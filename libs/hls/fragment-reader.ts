/** What a run of `[styp] moof mdat` holds, read back for checks (ISO/IEC 14496-12 §8.8). One track, as we write it. */
export interface FragmentContent {
  readonly hasKey: boolean;
  readonly durationS: number;
}

const TIMESCALE = 90_000;
const CONTAINERS = new Set(['moof', 'traf']);
const FLAG_DATA_OFFSET = 0x1;
const FLAG_FIRST_SAMPLE = 0x4;
const FLAG_DURATION = 0x100;
const FLAG_SIZE = 0x200;
const FLAG_FLAGS = 0x400;
const FLAG_OFFSETS = 0x800;
/** `sample_is_non_sync_sample`, §8.8.3.1. */
const NOT_SYNC = 0x0001_0000;

/** Undefined: no boxes, or none of a track run. */
export function readFragment(bytes: Buffer): FragmentContent | undefined {
  let hasKey = false;
  let ticks = 0;
  let runs = 0;
  const walk = (from: number, to: number): boolean => {
    for (let at = from; at < to;) {
      const size = at + 8 <= to ? bytes.readUInt32BE(at) : 0;
      if (size < 8 || at + size > to) return false;
      const type = bytes.toString('latin1', at + 4, at + 8);
      if (CONTAINERS.has(type) && !walk(at + 8, at + size)) return false;
      if (type === 'trun') {
        const run = readRun(bytes.subarray(at + 8, at + size));
        if (!run) return false;
        hasKey ||= run.hasKey;
        ticks += run.ticks;
        runs++;
      }
      at += size;
    }
    return true;
  };
  return walk(0, bytes.length) && runs > 0 ? { hasKey, durationS: ticks / TIMESCALE } : undefined;
}

/** §8.8.8; a run that leaves a sample's duration or flags to defaults is not ours. */
function readRun(box: Buffer): { hasKey: boolean; ticks: number } | undefined {
  const flags = box.readUInt32BE(0) & 0xff_ffff;
  if ((flags & (FLAG_DURATION | FLAG_FLAGS)) !== (FLAG_DURATION | FLAG_FLAGS)) return undefined;
  const count = box.readUInt32BE(4);
  let at = 8 + (flags & FLAG_DATA_OFFSET ? 4 : 0) + (flags & FLAG_FIRST_SAMPLE ? 4 : 0);
  const bytesEach = 8 + (flags & FLAG_SIZE ? 4 : 0) + (flags & FLAG_OFFSETS ? 4 : 0);
  if (at + count * bytesEach !== box.length) return undefined;
  let hasKey = false;
  let ticks = 0;
  for (let index = 0; index < count; index++, at += bytesEach) {
    ticks += box.readUInt32BE(at);
    const flagsAt = at + 4 + (flags & FLAG_SIZE ? 4 : 0);
    hasKey ||= (box.readUInt32BE(flagsAt) & NOT_SYNC) === 0;
  }
  return { hasKey, ticks };
}
