import { judgeFix, type FixBounds, type FixVerdict } from './fix-filter.ts';
import type { Fix } from './fix.ts';

/**
 * One wild fix that is believed (the first after a night, taken between houses) would make every true one after it an
 * impossible speed. So many in a row that agree with each other outvote it.
 */
const OUTVOTES = 3;

/** The newest fix of one unit, and how the next are judged beside it. */
export class UnitFixes {
  private newest: Fix | null;
  /** Refused for their speed and consistent among themselves. */
  private rival: { readonly fix: Fix; readonly count: number } | null = null;

  constructor(newest: Fix | null = null) {
    this.newest = newest;
  }

  get last(): Fix | null {
    return this.newest;
  }

  /** Judges a fix and keeps it when it is the newest. Fixes of one report come in the order in which they were taken. */
  take(fix: Fix, nowMs: number, bounds: FixBounds): FixVerdict {
    const verdict = judgeFix(fix, this.newest, nowMs, bounds);
    if (verdict.kind === 'live') return this.keep(fix);
    if (verdict.kind === 'refused' && verdict.code === 'fix-impossible-speed' && this.outvotes(fix, nowMs, bounds))
      return this.keep(fix);
    return verdict;
  }

  /** Takes what another judge has taken already. `false`: ours is as new, or newer. */
  follow(fix: Fix): boolean {
    if (this.newest !== null && fix.takenAtMs <= this.newest.takenAtMs) return false;
    this.keep(fix);
    return true;
  }

  private keep(fix: Fix): FixVerdict {
    this.newest = fix;
    this.rival = null;
    return { kind: 'live' };
  }

  private outvotes(fix: Fix, nowMs: number, bounds: FixBounds): boolean {
    if (this.newest !== null && fix.takenAtMs < this.newest.takenAtMs) return false;
    const agrees = this.rival !== null && judgeFix(fix, this.rival.fix, nowMs, bounds).kind === 'live';
    this.rival = { fix, count: agrees ? this.rival!.count + 1 : 1 };
    return this.rival.count >= OUTVOTES;
  }
}
