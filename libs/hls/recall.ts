import type { AccessUnitInfo } from '#libs/codec';
import { readOwnFragment } from '#libs/fmp4';
import type { Part } from './segment.ts';

/** An access unit out of memory. */
export interface RecalledUnit {
  readonly bytes: Buffer;
  readonly info: AccessUnitInfo;
}

/** Times of a run of units, in ticks of its media timeline. */
export interface RecalledTimes {
  /** Media time minus stream time. */
  readonly shiftTicks: number;
  /** Decode time of the newest unit, and when it arrived (monotonic). */
  readonly lastDts: number;
  readonly lastArrivedMs: number;
}

/** Access units of parts, copied out, with their times in the stream. */
export function unitsOf(parts: readonly Part[], times: RecalledTimes): RecalledUnit[] {
  return parts.flatMap((part) => {
    const bytes = Buffer.concat(part.chunks, part.totalBytes);
    return readOwnFragment(bytes).map(({ dts, pts, isKey, from, to }) => {
      const info = unitInfo(pts, dts, isKey, times);
      return { bytes: bytes.subarray(from, to), info };
    });
  });
}

/** The arrival is that of the newest unit, less what lies between the two. */
export function unitInfo(pts: number, dts: number, isKey: boolean, times: RecalledTimes): AccessUnitInfo {
  return {
    pts90k: pts - times.shiftTicks,
    isKey,
    arrivedMs: times.lastArrivedMs - (times.lastDts - dts) / 90,
  };
}

/** From the last key unit on. */
export function fromLastKey(units: readonly RecalledUnit[]): readonly RecalledUnit[] {
  const at = units.findLastIndex((unit) => unit.info.isKey);
  return at < 0 ? [] : units.slice(at);
}
