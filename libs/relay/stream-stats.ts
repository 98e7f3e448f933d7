/** What a stream did over the last while. `undefined`: not known yet. */
export interface StreamRates {
  readonly bitrateKbps: number;
  readonly framesPerSecond: number;
  /** Share of packets that never came, 0..1. */
  readonly lossShare: number;
  /** Units lost or cut short by loss. */
  readonly damagedUnits: number;
}

/** Counters that only grow, as a receiver keeps them. */
export interface StreamCounters {
  readonly bytes: number;
  readonly units: number;
  readonly packets: number;
  readonly lostPackets: number;
  readonly damagedUnits: number;
}

interface Sample extends StreamCounters {
  readonly atMs: number;
}

/** Beyond this the camera's line of time has jumped. */
const MAX_KEY_DISTANCE_MS = 300_000;

const NOTHING: StreamCounters = { bytes: 0, units: 0, packets: 0, lostPackets: 0, damagedUnits: 0 };

/**
 * Rates from counters read once a second: the difference between now and {@link StreamStats.spanMs} ago. Key frames are
 * told one by one, there are few of them.
 */
export class StreamStats {
  private readonly samples: Sample[] = [];
  private lastKeyMs: number | undefined;
  private keyIntervalMs: number | undefined;
  private lastKeyPts: number | undefined;

  constructor(readonly spanMs = 5_000) {}

  /** Monotonic time of the last key frame. */
  get lastKeyFrameMs(): number | undefined {
    return this.lastKeyMs;
  }

  /** Distance of the last two key frames of one run. */
  get keyFrameIntervalMs(): number | undefined {
    return this.keyIntervalMs;
  }

  /** Presentation time of the last key frame, as it came. */
  get lastKeyPts90k(): number | undefined {
    return this.lastKeyPts;
  }

  /** Their distance is that of their times: one that is read late, because nobody watches, did not come later. */
  keyFrame(nowMs: number, pts90k?: number): void {
    if (this.lastKeyMs !== undefined) this.keyIntervalMs = this.mediaMsSince(pts90k) ?? nowMs - this.lastKeyMs;
    this.lastKeyMs = nowMs;
    this.lastKeyPts = pts90k;
  }

  private mediaMsSince(pts90k: number | undefined): number | undefined {
    if (pts90k === undefined || this.lastKeyPts === undefined) return undefined;
    const ms = (pts90k - this.lastKeyPts) / 90;
    return ms > 0 && ms < MAX_KEY_DISTANCE_MS ? ms : undefined;
  }

  /** The source was opened again: its counters begin at zero, and rates do not reach back over the hole. */
  restart(nowMs: number): void {
    this.samples.length = 0;
    this.samples.push({ ...NOTHING, atMs: nowMs });
    this.lastKeyMs = undefined;
    this.lastKeyPts = undefined;
    this.keyIntervalMs = undefined;
  }

  sample(counters: StreamCounters, nowMs: number): void {
    const { bytes, units, packets, lostPackets, damagedUnits } = counters;
    this.samples.push({ bytes, units, packets, lostPackets, damagedUnits, atMs: nowMs });
    while (this.samples.length > 2 && nowMs - this.samples[1]!.atMs >= this.spanMs) this.samples.shift();
  }

  /** How long the rates reach back. */
  get coveredMs(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    return first && last ? last.atMs - first.atMs : 0;
  }

  rates(): StreamRates | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return undefined;
    const seconds = (last.atMs - first.atMs) / 1000;
    const lost = Math.max(0, last.lostPackets - first.lostPackets);
    const expected = last.packets - first.packets + lost;
    return {
      bitrateKbps: ((last.bytes - first.bytes) * 8) / 1000 / seconds,
      framesPerSecond: (last.units - first.units) / seconds,
      lossShare: expected > 0 ? lost / expected : 0,
      damagedUnits: last.damagedUnits - first.damagedUnits,
    };
  }
}
