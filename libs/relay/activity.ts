import { ActivityHistory } from './activity-history.ts';
import { RateWatch } from './rate-watch.ts';

/**
 * What the sizes of a stream's pictures say. `warming-up` ends when enough was seen; `constant-rate` (the camera holds its
 * rate, so that sizes say nothing) and `quiet` end by each other or by activity; `active` ends when it is quiet again.
 */
export type ActivityState = 'warming-up' | 'constant-rate' | 'quiet' | 'active';

export interface ActivityRule {
  /** Sizes are averaged over this. */
  readonly bucketMs: number;
  /** Pictures that an average needs: a camera of one a second has buckets of three seconds. */
  readonly minUnits: number;
  /** What is usual is what was seen in so many buckets: ten minutes. */
  readonly memoryBuckets: number;
  readonly warmUpBuckets: number;
  /** Deviations above what is usual at which activity begins: in three of the last {@link LAST} buckets. */
  readonly onDeviations: number;
  /** Below this for {@link quietBuckets}, and not before {@link minActiveBuckets}, it has ended. */
  readonly offDeviations: number;
  readonly quietBuckets: number;
  readonly minActiveBuckets: number;
  /** Octaves. A stream whose sizes hardly vary would make a deviation of every trifle: 0.025 are 1.7 %. */
  readonly leastDeviation: number;
  /** Factor (in octaves) by which key frames change when the picture or its quality is another one. */
  readonly newPictureOctaves: number;
}

export const DEFAULT_ACTIVITY_RULE: ActivityRule = {
  bucketMs: 500,
  minUnits: 3,
  memoryBuckets: 1_200,
  warmUpBuckets: 120,
  onDeviations: 6,
  offDeviations: 3,
  quietBuckets: 10,
  minActiveBuckets: 4,
  leastDeviation: 0.025,
  newPictureOctaves: 0.7,
};

/** Three of the last four buckets must be strong: one flash of light, one late packet is none. */
const LAST = 4;
/** Pictures after a key frame that have a usual size of their own; those further on share the last place. */
const PHASES = 256;
/** The usual size of a phase moves by this share of what differs; by more while it is young. */
const SLOWEST_VISITS = 200;
/** Sizes are looked at above this share of a key frame: beneath it are headers and skipped blocks. */
const LEAST_SHARE_OF_KEY = 1 / 256;
/** Key frames in a row that are another size before the picture counts as another one. */
const NEW_PICTURE_KEYS = 3;

/**
 * Activity without decoding, from the sizes of access units: pictures of movement need more bytes. Key frames are left
 * out; the others are compared with what is usual so many pictures after a key frame (which takes the shape of a group of
 * pictures and of B-frames out), in octaves, so that the scale of a stream does not matter. The mean of each half second is
 * then scored against the median and the deviation (MAD) of the last ten minutes: what is usual by day and by night follows
 * the light, and half the memory's length after a lasting change that is what is usual.
 *
 * Costs a logarithm per access unit, a walk over a few bins per half second, and no allocation after construction.
 */
export class ActivityScore {
  private readonly history: ActivityHistory;
  private readonly rate = new RateWatch();
  private readonly usual = new Float32Array(PHASES);
  private readonly visits = new Uint8Array(PHASES);
  private readonly last = new Float32Array(LAST);
  private current: ActivityState = 'warming-up';
  private changedMs: number;
  private phase = -1;
  private keyOctaves = 0;
  private otherKeys = 0;
  private leastBytes = 0;
  private bucketEndMs = Number.NEGATIVE_INFINITY;
  private sum = 0;
  private units = 0;
  private buckets = 0;
  private strong = 0;
  private calmBuckets = 0;
  private activeBuckets = 0;

  constructor(
    nowMs: number,
    private readonly rule: ActivityRule = DEFAULT_ACTIVITY_RULE,
  ) {
    this.history = new ActivityHistory(rule.memoryBuckets);
    this.changedMs = nowMs;
  }

  get state(): ActivityState {
    return this.current;
  }

  /** When {@link state} began, on the clock of the units. */
  get sinceMs(): number {
    return this.changedMs;
  }

  /** Deviations above what is usual, of late; `undefined` where sizes say nothing. */
  get score(): number | undefined {
    return this.current === 'quiet' || this.current === 'active' ? this.strong : undefined;
  }

  /** Another picture or format: what was usual is not any more. `true` when the state changed. */
  restart(nowMs: number): boolean {
    this.history.clear();
    this.rate.clear();
    this.visits.fill(0);
    this.last.fill(0);
    this.phase = -1;
    this.keyOctaves = 0;
    this.otherKeys = 0;
    this.buckets = 0;
    this.strong = 0;
    this.beginBucket(nowMs);
    return this.become('warming-up', nowMs);
  }

  /** The stream was interrupted: nothing is compared over the hole. */
  gap(): void {
    this.phase = -1;
    this.bucketEndMs = Number.NEGATIVE_INFINITY;
  }

  /** Hot path: one call per access unit. `true` when the state changed. */
  unit(bytes: number, isKey: boolean, nowMs: number): boolean {
    if (isKey) {
      this.phase = 0;
      this.rate.add(bytes, true, nowMs);
      return this.lookAtKey(bytes, nowMs);
    }
    // Without a key frame nobody knows where in its group a picture stands.
    if (this.phase < 0) return false;
    this.rate.add(bytes, false, nowMs);
    this.sum += this.difference(bytes);
    this.units++;
    return nowMs >= this.bucketEndMs && this.closeBucket(nowMs);
  }

  /** Octaves above what is usual at this place of the group. */
  private difference(bytes: number): number {
    const phase = this.phase < PHASES - 1 ? ++this.phase : this.phase;
    const octaves = Math.log2(bytes + this.leastBytes);
    const visits = this.visits[phase]!;
    if (visits === 0) this.usual[phase] = octaves;
    const difference = octaves - this.usual[phase]!;
    if (this.current !== 'active') {
      if (visits < SLOWEST_VISITS) this.visits[phase] = visits + 1;
      const bounded = difference > 1 ? 1 : difference < -1 ? -1 : difference;
      this.usual[phase]! += bounded / (visits + 1);
    }
    return difference;
  }

  private lookAtKey(bytes: number, nowMs: number): boolean {
    const octaves = Math.log2(bytes + 1);
    if (this.keyOctaves === 0) this.keyOctaves = octaves;
    const isOther = Math.abs(octaves - this.keyOctaves) > this.rule.newPictureOctaves;
    this.otherKeys = isOther ? this.otherKeys + 1 : 0;
    if (this.otherKeys >= NEW_PICTURE_KEYS) return this.restart(nowMs);
    if (!isOther) this.keyOctaves += (octaves - this.keyOctaves) / 16;
    this.leastBytes = 2 ** this.keyOctaves * LEAST_SHARE_OF_KEY;
    return false;
  }

  private beginBucket(nowMs: number): void {
    this.bucketEndMs = nowMs + this.rule.bucketMs;
    this.sum = 0;
    this.units = 0;
  }

  private closeBucket(nowMs: number): boolean {
    if (this.bucketEndMs === Number.NEGATIVE_INFINITY) {
      this.beginBucket(nowMs);
      return false;
    }
    if (this.units < this.rule.minUnits) return false;
    const value = this.sum / this.units;
    this.beginBucket(nowMs);
    const deviation = Math.max(this.history.deviation, this.rule.leastDeviation);
    this.last[this.buckets % LAST] = (value - this.history.median) / deviation;
    this.buckets++;
    this.history.add(value);
    this.strong = this.strongOfLast();
    return this.judge(nowMs);
  }

  /** The third largest of the last {@link LAST}. */
  private strongOfLast(): number {
    const [a, b, c, d] = [this.last[0]!, this.last[1]!, this.last[2]!, this.last[3]!];
    const least = Math.min(Math.max(a, b), Math.max(c, d));
    const low = Math.max(Math.min(a, b), Math.min(c, d));
    return Math.min(least, low);
  }

  private judge(nowMs: number): boolean {
    if (this.buckets < this.rule.warmUpBuckets) return false;
    if (this.current === 'active') return this.judgeActive(nowMs);
    // Key frames of another size: the whole picture changed, and three of them tell whether it stays so.
    const isStrong = this.strong >= this.rule.onDeviations && this.otherKeys === 0;
    // A rate that is held gives way by no more than its buffer; a rise beyond that was not held.
    if (isStrong && (!this.rate.isHeld || this.rate.hasRisen)) return this.become('active', nowMs);
    return this.become(this.rate.isHeld ? 'constant-rate' : 'quiet', nowMs);
  }

  private judgeActive(nowMs: number): boolean {
    this.activeBuckets++;
    this.calmBuckets = this.strong < this.rule.offDeviations ? this.calmBuckets + 1 : 0;
    const isOver = this.calmBuckets >= this.rule.quietBuckets && this.activeBuckets >= this.rule.minActiveBuckets;
    return isOver && this.become(this.rate.isHeld ? 'constant-rate' : 'quiet', nowMs);
  }

  private become(state: ActivityState, nowMs: number): boolean {
    if (state === this.current) return false;
    this.current = state;
    this.changedMs = nowMs;
    this.calmBuckets = 0;
    this.activeBuckets = 0;
    return true;
  }
}
