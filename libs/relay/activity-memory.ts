import { ActivityHistory } from './activity-history.ts';
import { RateWatch } from './rate-watch.ts';

/** Pictures after a key frame that have a usual size of their own; those further on share the last place. */
export const PHASES = 256;
/** The usual size of a phase moves by this share of what differs; by more while it is young. */
const SLOWEST_VISITS = 200;
/** Share of what differs by which the usual size of a key frame moves. */
const KEY_FOLLOW = 1 / 16;

/** What is usual in one light: by day, by night. */
export class ActivityMemory {
  readonly history: ActivityHistory;
  readonly rate = new RateWatch();
  private readonly usual = new Float32Array(PHASES);
  private readonly visits = new Uint8Array(PHASES);
  /** Half seconds seen. */
  buckets = 0;
  /** Octaves of a usual key frame; 0: none was seen. */
  keyOctaves = 0;

  constructor(memoryBuckets: number) {
    this.history = new ActivityHistory(memoryBuckets);
  }

  clear(): void {
    this.history.clear();
    this.rate.clear();
    this.visits.fill(0);
    this.buckets = 0;
    this.keyOctaves = 0;
  }

  /** Whether a key frame of this size is one of this light. */
  fitsKey(octaves: number, withinOctaves: number): boolean {
    return this.keyOctaves === 0 || Math.abs(octaves - this.keyOctaves) <= withinOctaves;
  }

  learnKey(octaves: number): void {
    if (this.keyOctaves === 0) this.keyOctaves = octaves;
    else this.keyOctaves += (octaves - this.keyOctaves) * KEY_FOLLOW;
  }

  /** Octaves above what is usual so many pictures after a key frame; learns from it where `learns`. */
  difference(phase: number, octaves: number, learns: boolean): number {
    const visits = this.visits[phase]!;
    if (visits === 0) this.usual[phase] = octaves;
    const difference = octaves - this.usual[phase]!;
    if (learns) {
      if (visits < SLOWEST_VISITS) this.visits[phase] = visits + 1;
      const bounded = difference > 1 ? 1 : difference < -1 ? -1 : difference;
      this.usual[phase]! += bounded / (visits + 1);
    }
    return difference;
  }
}
