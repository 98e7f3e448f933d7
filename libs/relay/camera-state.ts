import { refusal, type Refusal } from '#libs/base';
import type { StreamRates } from './stream-stats.ts';

/** Why a camera is not `online`. Stable: screens translate by `code`. */
export interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** `sinceMs` is monotonic. What ends each state is said behind it; any state ends with the camera. */
export type CameraState =
  /**
   * Its first connection since the relay knows it. Ends: first frame; failure; {@link StateRule.connectMs} without a
   * packet, {@link StateRule.maxKeyFrameGapMs} when packets come and decoding cannot begin.
   */
  | { readonly name: 'connecting'; readonly sinceMs: number; readonly reason: StateReason }
  /** Ends: {@link StateRule.noFrameMs} without a frame; failure; a defect that lasts {@link StateRule.badForMs}. */
  | { readonly name: 'online'; readonly sinceMs: number }
  /** Frames come, but not as they should. Ends as `online` does, or when no defect was seen for {@link StateRule.goodForMs}. */
  | { readonly name: 'degraded'; readonly sinceMs: number; readonly reason: StateReason }
  /**
   * Not pulled, because nobody wants its video, and it answers when it is asked ({@link CameraStateMachine.probed}). Ends: it is
   * pulled again; a probe that fails. Says nothing of its picture.
   */
  | { readonly name: 'standby'; readonly sinceMs: number }
  /**
   * Ends: a frame; of a camera at rest, a probe that is answered. Connecting again does not end it: a camera that answers and sends
   * nothing is still blind.
   */
  | { readonly name: 'offline'; readonly sinceMs: number; readonly reason: StateReason };

export interface StateRule {
  readonly connectMs: number;
  readonly noFrameMs: number;
  readonly badForMs: number;
  readonly goodForMs: number;
  /** Share of lost packets, 0..1, above which a picture is expected to show damage. */
  readonly maxLossShare: number;
  readonly maxKeyFrameGapMs: number;
  /** Share of the announced frame rate, 0..1, below which a camera is called slow. */
  readonly minFrameRateShare: number;
}

export const DEFAULT_STATE_RULE: StateRule = {
  connectMs: 5_000,
  noFrameMs: 3_000,
  badForMs: 3_000,
  goodForMs: 5_000,
  maxLossShare: 0.01,
  maxKeyFrameGapMs: 15_000,
  minFrameRateShare: 0.5,
};

/** What is looked at once a second while frames come. */
export interface Quality {
  readonly rates: StreamRates | undefined;
  /** Time since the last key frame, or since frames come when there was none. */
  readonly keyFrameAgeMs: number;
  readonly announcedFramesPerSecond: number | undefined;
}

/** First defect that applies, worst first; undefined when all is well. */
export function defectOf(quality: Quality, rule: StateRule): StateReason | undefined {
  const { rates, keyFrameAgeMs, announcedFramesPerSecond: announced } = quality;
  if (keyFrameAgeMs > rule.maxKeyFrameGapMs) {
    return reason(
      'no-key-frame',
      `no key frame for ${seconds(keyFrameAgeMs)} s, limit ${seconds(rule.maxKeyFrameGapMs)} s`,
    );
  }
  if (!rates) return undefined;
  if (rates.lossShare > rule.maxLossShare) {
    return reason(
      'packet-loss',
      `${percent(rates.lossShare)} % of packets lost, limit ${percent(rule.maxLossShare)} %`,
    );
  }
  if (announced !== undefined && rates.framesPerSecond < announced * rule.minFrameRateShare) {
    return reason('low-frame-rate', `${rates.framesPerSecond.toFixed(1)} frames a second, ${announced} announced`);
  }
  return rates.damagedUnits > 0 && rates.lossShare === 0
    ? reason('damaged-frames', `${rates.damagedUnits} frames damaged in the last seconds`)
    : undefined;
}

/**
 * State of one camera. Told what happens, asked what is; waits for nothing. Every method returns whether the state
 * changed, so that the caller publishes exactly then.
 */
export class CameraStateMachine {
  private current: CameraState;
  private frameMs: number | undefined;
  private badSinceMs: number | undefined;
  private goodSinceMs: number | undefined;

  constructor(
    nowMs: number,
    private readonly rule: StateRule = DEFAULT_STATE_RULE,
  ) {
    this.current = { name: 'connecting', sinceMs: nowMs, reason: FIRST_CONNECTION };
  }

  get state(): CameraState {
    return this.current;
  }

  /** It is pulled from now on: what a probe said holds no longer. */
  pulled(nowMs: number): boolean {
    this.frameMs = nowMs;
    if (this.current.name !== 'standby') return false;
    return this.become({ name: 'connecting', sinceMs: nowMs, reason: FIRST_CONNECTION });
  }

  /** It is not pulled any more. Where its video came until now it is well; otherwise a probe has to tell. */
  rested(nowMs: number): boolean {
    if (this.current.name !== 'online' && this.current.name !== 'degraded') return false;
    return this.become({ name: 'standby', sinceMs: nowMs });
  }

  /** A camera at rest was asked how it is. @param why it did not answer as it should */
  probed(why: Refusal | undefined, nowMs: number): boolean {
    if (why) return this.failure(why, nowMs);
    return this.current.name !== 'standby' && this.become({ name: 'standby', sinceMs: nowMs });
  }

  /** A unit that can be shown arrived. The hot path: one comparison when nothing changes. */
  frame(nowMs: number): boolean {
    this.frameMs = nowMs;
    if (this.current.name === 'online' || this.current.name === 'degraded') return false;
    this.badSinceMs = undefined;
    return this.become({ name: 'online', sinceMs: nowMs });
  }

  /** The connection could not be made or ended. */
  failure(why: Refusal, nowMs: number): boolean {
    return this.offline(reason(why.code, why.message), nowMs);
  }

  /** While it is pulled. @param packetsCome whether the connection carries video, even if nothing of it can be shown yet */
  tick(nowMs: number, packetsCome: boolean): boolean {
    if (this.current.name === 'connecting') return this.giveUpConnecting(nowMs, packetsCome);
    if (this.current.name === 'offline' || this.current.name === 'standby') return false;
    if (nowMs - (this.frameMs ?? nowMs) < this.rule.noFrameMs) return false;
    return this.offline(reason('no-frames', `no frame for ${seconds(this.rule.noFrameMs)} s`), nowMs);
  }

  private giveUpConnecting(nowMs: number, packetsCome: boolean): boolean {
    const limitMs = packetsCome ? this.rule.maxKeyFrameGapMs : this.rule.connectMs;
    if (nowMs - this.current.sinceMs < limitMs) return false;
    const why = packetsCome
      ? reason('no-key-frame', `video comes, but no key frame within ${seconds(limitMs)} s`)
      : reason('no-answer', `no video within ${seconds(limitMs)} s of connecting`);
    return this.offline(why, nowMs);
  }

  /** Looks at the quality; to be called about once a second. */
  judge(quality: Quality, nowMs: number): boolean {
    if (this.current.name !== 'online' && this.current.name !== 'degraded') return false;
    const defect = defectOf(quality, this.rule);
    if (!defect) return this.sawGood(nowMs);
    this.goodSinceMs = undefined;
    this.badSinceMs ??= nowMs;
    if (this.current.name === 'degraded') return this.worsen(this.current, defect);
    return (
      nowMs - this.badSinceMs >= this.rule.badForMs && this.become({ name: 'degraded', sinceMs: nowMs, reason: defect })
    );
  }

  private sawGood(nowMs: number): boolean {
    this.badSinceMs = undefined;
    this.goodSinceMs ??= nowMs;
    if (this.current.name !== 'degraded' || nowMs - this.goodSinceMs < this.rule.goodForMs) return false;
    return this.become({ name: 'online', sinceMs: nowMs });
  }

  /** Another defect took over: same state, same since, other reason. */
  private worsen(state: CameraState & { readonly name: 'degraded' }, defect: StateReason): boolean {
    if (state.reason.code === defect.code) return false;
    return this.become({ ...state, reason: defect });
  }

  private offline(why: StateReason, nowMs: number): boolean {
    const { current } = this;
    this.badSinceMs = undefined;
    this.goodSinceMs = undefined;
    if (current.name !== 'offline') return this.become({ name: 'offline', sinceMs: nowMs, reason: why });
    if (current.reason.code === why.code) return false;
    return this.become({ ...current, reason: why });
  }

  private become(state: CameraState): boolean {
    this.current = state;
    return true;
  }
}

const FIRST_CONNECTION: StateReason = { code: 'connecting', message: 'first connection is being made' };

function reason(code: string, message: string): StateReason {
  return { code, message };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1).replace(/\.0$/, '');
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

/** A refusal with the shape of a state's reason, for those who answer a reader of a camera that is not there. */
export function stateRefusal(state: CameraState): Refusal | undefined {
  if (state.name === 'online' || state.name === 'degraded') return undefined;
  if (state.name === 'standby') return refusal('unavailable', 'camera-connecting', FIRST_CONNECTION.message);
  const code = state.name === 'offline' ? 'camera-offline' : 'camera-connecting';
  return refusal('unavailable', code, state.reason.message, { reason: state.reason.code });
}
