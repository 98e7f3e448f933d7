import { ActivityMemory, PHASES } from './activity-memory.ts';

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
/** Sizes are looked at above this share of a key frame: beneath it are headers and skipped blocks. */
const LEAST_SHARE_OF_KEY = 1 / 256;
/** Key frames in a row that are another size before the picture counts as another one. */
const NEW_PICTURE_KEYS = 3;
/** So many strong half seconds in a row that are just what is usual in the other light: it is that light. */
const USUAL_BUCKETS = 2;
/** In the first pictures of that light less is like what it is later in its groups. The next key frame decides. */
const USUAL_OCTAVES = 0.7;
/** So long after a key frame decided otherwise nothing is compared: it is activity. */
const REFUTED_MS = 30_000;
/** A picture between key frames that weighs this share of one, and so many octaves more than is usual, shows all anew. */
const ALL_NEW_SHARE_OF_KEY = 0.5;
const ALL_NEW_OCTAVES = 2;

/**
 * Activity without decoding, from the sizes of access units: pictures of movement need more bytes. Key frames are left
 * out; the others are compared with what is usual so many pictures after a key frame (which takes the shape of a group of
 * pictures and of B-frames out), in octaves, so that the scale of a stream does not matter. The mean of each half second is
 * then scored against the median and the deviation (MAD) of the last ten minutes, so that what is usual follows the light, and
 * half the memory's length after a lasting change that is what is usual.
 *
 * There are two such memories, for day and night. Which one holds is told by the key frames: a camera that goes over to
 * infrared shows a grey and noisy picture from one moment to the next, and its key frames are of another size at once.
 * Hours of the clock would be wrong with the season, the clouds and the lamps of the street, and twice a day by up to an hour.
 * Three key frames of another size change to the other memory where they fit that, and begin it anew where they do not;
 * until then nothing becomes active, from the first picture on that weighs nearly as much as a key frame. And what would
 * become active but is just what is usual in the other light, is that light, unless the next key frame says otherwise.
 *
 * Costs a logarithm per access unit, a walk over a few bins per half second, and no allocation after construction.
 */
export class ActivityScore {
  private memory: ActivityMemory;
  /** Of the other light. */
  private other: ActivityMemory;
  private readonly last = new Float32Array(LAST);
  private current: ActivityState = 'warming-up';
  private changedMs: number;
  private phase = -1;
  private otherKeys = 0;
  /** All was new in a picture since the last key frame. */
  private isAllNew = false;
  private leastBytes = 0;
  private otherLeastBytes = 0;
  /** The last half second was strong: the other memory is asked whether it was usual there. */
  private isComparing = false;
  private otherSum = 0;
  /** The memories were changed by what lies between key frames: the next one confirms it. */
  private isOnTrial = false;
  private compareFromMs = Number.NEGATIVE_INFINITY;
  /** Half seconds in a row that are usual in the other light. */
  private usualThere = 0;
  private allNewBytes = Number.POSITIVE_INFINITY;
  private bucketEndMs = Number.NEGATIVE_INFINITY;
  private sum = 0;
  private units = 0;
  private strong = 0;
  private calmBuckets = 0;
  private activeBuckets = 0;

  constructor(
    nowMs: number,
    private readonly rule: ActivityRule = DEFAULT_ACTIVITY_RULE,
  ) {
    this.memory = new ActivityMemory(rule.memoryBuckets);
    this.other = new ActivityMemory(rule.memoryBuckets);
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

  /** Another format: what was usual is not any more, by day and by night. `true` when the state changed. */
  restart(nowMs: number): boolean {
    this.memory.clear();
    this.other.clear();
    return this.beginMemory(nowMs);
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
      this.memory.rate.add(bytes, true, nowMs);
      return this.lookAtKey(bytes, nowMs);
    }
    // Without a key frame nobody knows where in its group a picture stands.
    if (this.phase < 0) return false;
    this.memory.rate.add(bytes, false, nowMs);
    this.sum += this.difference(bytes);
    this.units++;
    return nowMs >= this.bucketEndMs && this.closeBucket(nowMs);
  }

  /** Octaves above what is usual at this place of the group. */
  private difference(bytes: number): number {
    const phase = this.phase < PHASES - 1 ? ++this.phase : this.phase;
    const octaves = Math.log2(bytes + this.leastBytes);
    const difference = this.memory.difference(phase, octaves, this.current !== 'active' && !this.isAllNew);
    if (this.isComparing) this.otherSum += this.other.difference(phase, Math.log2(bytes + this.otherLeastBytes), false);
    if (difference > ALL_NEW_OCTAVES && bytes > this.allNewBytes) this.isAllNew = true;
    return difference;
  }

  private lookAtKey(bytes: number, nowMs: number): boolean {
    const octaves = Math.log2(bytes + 1);
    const { memory } = this;
    const isOther = !memory.fitsKey(octaves, this.rule.newPictureOctaves);
    this.isAllNew = false;
    if (this.isOnTrial && this.isRefuted(octaves)) return this.refute(nowMs);
    this.isOnTrial = false;
    this.otherKeys = isOther ? this.otherKeys + 1 : 0;
    if (this.otherKeys >= NEW_PICTURE_KEYS) return this.changeMemory(octaves, nowMs);
    if (!isOther) memory.learnKey(octaves);
    this.measureKey();
    return false;
  }

  private measureKey(): void {
    const keyBytes = 2 ** this.memory.keyOctaves;
    this.leastBytes = keyBytes * LEAST_SHARE_OF_KEY;
    this.otherLeastBytes = 2 ** this.other.keyOctaves * LEAST_SHARE_OF_KEY;
    this.allNewBytes = keyBytes * ALL_NEW_SHARE_OF_KEY;
  }

  /** The picture is another one: that of the other memory, or one that was never seen. */
  private changeMemory(octaves: number, nowMs: number): boolean {
    if (!this.other.fitsKey(octaves, this.rule.newPictureOctaves)) this.other.clear();
    this.other.learnKey(octaves);
    return this.swapMemories(nowMs);
  }

  /** Pictures fitted the other light, and the key frame says that it is this one all the same. */
  private isRefuted(octaves: number): boolean {
    return Math.abs(octaves - this.other.keyOctaves) < Math.abs(octaves - this.memory.keyOctaves);
  }

  private refute(nowMs: number): boolean {
    this.compareFromMs = nowMs + REFUTED_MS;
    return this.swapMemories(nowMs);
  }

  private swapMemories(nowMs: number): boolean {
    [this.memory, this.other] = [this.other, this.memory];
    return this.beginMemory(nowMs);
  }

  private beginMemory(nowMs: number): boolean {
    this.last.fill(0);
    this.phase = -1;
    this.otherKeys = 0;
    this.isAllNew = false;
    this.isComparing = false;
    this.isOnTrial = false;
    this.usualThere = 0;
    this.strong = 0;
    this.measureKey();
    this.beginBucket(nowMs);
    const { buckets, rate } = this.memory;
    if (buckets < this.rule.warmUpBuckets) return this.become('warming-up', nowMs);
    return this.become(rate.isHeld ? 'constant-rate' : 'quiet', nowMs);
  }

  /** The whole picture changed, or may have: three key frames tell whether it stays so. */
  private get isOther(): boolean {
    return this.otherKeys > 0 || this.isAllNew;
  }

  private beginBucket(nowMs: number): void {
    this.bucketEndMs = nowMs + this.rule.bucketMs;
    this.sum = 0;
    this.otherSum = 0;
    this.units = 0;
  }

  private closeBucket(nowMs: number): boolean {
    if (this.bucketEndMs === Number.NEGATIVE_INFINITY) {
      this.beginBucket(nowMs);
      return false;
    }
    if (this.units < this.rule.minUnits) return false;
    const value = this.sum / this.units;
    const otherValue = this.otherSum / this.units;
    this.beginBucket(nowMs);
    const { memory } = this;
    const { history } = memory;
    const deviation = Math.max(history.deviation, this.rule.leastDeviation);
    const deviations = (value - history.median) / deviation;
    this.last[memory.buckets % LAST] = deviations;
    this.compare(deviations >= this.rule.onDeviations, otherValue, nowMs);
    memory.buckets++;
    // What may be another picture is not learnt as this one's.
    if (!this.isOther) history.add(value);
    this.strong = this.strongOfLast();
    return this.judge(nowMs);
  }

  /** Of the half second that ended, and whether the next one is to be compared. */
  private compare(isStrong: boolean, otherValue: number, nowMs: number): void {
    const { history } = this.other;
    const within = Math.max(history.deviation * this.rule.offDeviations, USUAL_OCTAVES);
    const isUsual = this.isComparing && Math.abs(otherValue - history.median) < within;
    this.usualThere = isUsual ? this.usualThere + 1 : 0;
    const isKnown = this.other.buckets >= this.rule.warmUpBuckets;
    this.isComparing = isStrong && isKnown && nowMs >= this.compareFromMs;
  }

  /** The third largest of the last {@link LAST}. */
  private strongOfLast(): number {
    const [a, b, c, d] = [this.last[0]!, this.last[1]!, this.last[2]!, this.last[3]!];
    const least = Math.min(Math.max(a, b), Math.max(c, d));
    const low = Math.max(Math.min(a, b), Math.min(c, d));
    return Math.min(least, low);
  }

  private judge(nowMs: number): boolean {
    if (this.memory.buckets < this.rule.warmUpBuckets) return false;
    if (this.current === 'active') return this.judgeActive(nowMs);
    const isStrong = this.strong >= this.rule.onDeviations && !this.isOther;
    if (isStrong && this.usualThere >= USUAL_BUCKETS) {
      const changed = this.swapMemories(nowMs);
      this.isOnTrial = true;
      return changed;
    }
    const { rate } = this.memory;
    // A rate that is held gives way by no more than its buffer; a rise beyond that was not held.
    if (isStrong && (!rate.isHeld || rate.hasRisen)) return this.become('active', nowMs);
    return this.become(rate.isHeld ? 'constant-rate' : 'quiet', nowMs);
  }

  private judgeActive(nowMs: number): boolean {
    this.activeBuckets++;
    this.calmBuckets = this.strong < this.rule.offDeviations ? this.calmBuckets + 1 : 0;
    const isOver = this.calmBuckets >= this.rule.quietBuckets && this.activeBuckets >= this.rule.minActiveBuckets;
    return isOver && this.become(this.memory.rate.isHeld ? 'constant-rate' : 'quiet', nowMs);
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
