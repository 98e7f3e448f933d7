import { Injectable } from '@nestjs/common';
import { RecentDurations, type DurationFigures } from '#libs/base';

/** What became of a position: `live` moved its unit, `late` filled its track; else the code of its refusal. */
export type FixOutcome = string;

/** Codes are of our own making and few; whatever else came would be one more label for ever. */
const MAX_OUTCOMES = 40;
const KEPT_DURATIONS = 500;

/** Counts of positions since the api started, and how long the disk takes for them. */
@Injectable()
export class PositionMeter {
  private readonly counts = new Map<FixOutcome, number>();
  private readonly durations = new RecentDurations(KEPT_DURATIONS);
  private readonly listeners = new Set<(tookMs: number) => void>();

  count(outcome: FixOutcome, by = 1): void {
    const known = this.counts.has(outcome) || this.counts.size < MAX_OUTCOMES ? outcome : 'other';
    this.counts.set(known, (this.counts.get(known) ?? 0) + by);
  }

  get outcomes(): ReadonlyMap<FixOutcome, number> {
    return this.counts;
  }

  /** A group of positions came to the disk; the time from the report to the answer is this and up to 50 ms of gathering. */
  stored(tookMs: number): void {
    this.durations.add(tookMs);
    for (const listener of this.listeners) listener(tookMs);
  }

  get storing(): DurationFigures {
    return this.durations.figures();
  }

  onStored(listener: (tookMs: number) => void): void {
    this.listeners.add(listener);
  }
}
