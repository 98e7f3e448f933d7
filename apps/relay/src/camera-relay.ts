import type { Clock, Logger, Refusal } from '#libs/base';
import { TargetDuration, type BlockPool, type WindowRule } from '#libs/hls';
import {
  ActivityScore,
  CameraStateMachine,
  retryWaitMs,
  type CameraState,
  type ClockError,
  type DemandRule,
} from '#libs/relay';
import type { StreamRole } from '#libs/wire';
import type { CameraConfig } from './camera-source.ts';
import { ConvertedStream } from './ffmpeg/converted-stream.ts';
import type { FfmpegPool } from './ffmpeg/ffmpeg-pool.ts';
import type { Probe } from './probe.ts';
import type { Probed } from './probe-round.ts';
import type { Push } from './rtmp/push.ts';
import type { ReadTurns } from './read-turns.ts';
import type { ActivityColumns, HealthRow } from './store.ts';
import { StreamRelay } from './stream-relay.ts';
import type { ArrivedUnit } from './unit-flow.ts';

/** How long a stream on demand is kept after the last request. */
const LINGER_MS = 15_000;
/** Rates of the first seconds of a connection say little: a camera sends what it has, then settles. */
const SETTLE_MS = 3_000;
/** A camera at rest is asked how it is this often, and more often while it does not answer; a fifth of it is left to chance. */
const PROBE_EVERY_MS = 60_000;
const PROBE_AWAY_MS = 15_000;
const ON_DEMAND: DemandRule = { name: 'on-demand', lingerMs: LINGER_MS };

export interface CameraRelayOptions {
  readonly config: CameraConfig;
  readonly readBuffer: Buffer;
  readonly turns: ReadTurns;
  readonly pool: BlockPool;
  readonly windowRule: WindowRule;
  readonly ffmpeg: FfmpegPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random32: () => number;
  mayRedirectTo(host: string): boolean;
  /** The state changed: to be written at once. */
  onChange(camera: CameraRelay): void;
}

/**
 * One camera: its streams and how it is. Its health is that of one of them: the sub stream, or the main stream of a camera
 * that has no other. That one is always pulled (a warm camera), or when somebody wants it (a cold one); while it is not, the
 * camera is asked from time to time. Another stream that fails is told to its readers only.
 */
export class CameraRelay implements Probed {
  private readonly streams = new Map<StreamRole, StreamRelay>();
  private readonly converted = new Map<StreamRole, ConvertedStream>();
  private readonly watched: StreamRelay;
  private readonly machine: CameraStateMachine;
  /** Of the watched stream. */
  private readonly activity: ActivityScore;
  private firstFrameMs: number | undefined;
  private currentConfig: CameraConfig;
  /** Main, sub, their audio and what is converted are in one master playlist. */
  private readonly target = new TargetDuration();
  private wasPulled = false;
  private probing: Probe | undefined;
  private nextProbeMs = 0;
  /** Wall clock of the last thing that is known of a camera at rest. */
  private checkedAtMs: number | null = null;
  /** The state's beginning on both clocks, so that it stays the same moment when the wall clock is set. */
  private since: { readonly monotonicMs: number; readonly wallMs: number };

  constructor(private readonly options: CameraRelayOptions) {
    const { config, clock } = options;
    this.currentConfig = config;
    this.machine = new CameraStateMachine(clock.monotonicMs());
    this.activity = new ActivityScore(clock.monotonicMs());
    this.since = { monotonicMs: this.machine.state.sinceMs, wallMs: Math.round(clock.nowMs()) };
    const watchedRole = config.streams.some((stream) => stream.role === 'sub') ? 'sub' : 'main';
    for (const stream of config.streams) {
      this.streams.set(stream.role, this.createStream(stream, stream.role === watchedRole));
    }
    const watched = this.streams.get(watchedRole);
    if (!watched) throw new Error(`camera ${config.id} has no stream`);
    this.watched = watched;
  }

  get config(): CameraConfig {
    return this.currentConfig;
  }

  /** Its code was changed, its clock measured, or it is to be pulled at other times; nothing else is different. */
  update(config: CameraConfig): void {
    this.currentConfig = config;
    this.watched.useDemand(demandOf(config));
  }

  get state(): CameraState {
    return this.machine.state;
  }

  /** @param as converted to this, where the stream is of another codec */
  stream(role: StreamRole, as?: 'h264'): StreamRelay | ConvertedStream | undefined {
    const own = this.streams.get(role);
    if (!own || as === undefined || own.format?.codec === as) return own;
    const known = this.converted.get(role);
    if (known) return known;
    const { ffmpeg, pool, windowRule, clock } = this.options;
    const { target } = this;
    const log = this.logOf(role);
    const made = new ConvertedStream({ source: own, ffmpeg, pool, windowRule, target, clock, log });
    this.converted.set(role, made);
    return made;
  }

  /** As the camera sends it. */
  ownStream(role: StreamRole): StreamRelay | undefined {
    return this.streams.get(role);
  }

  allStreams(): Iterable<StreamRelay> {
    return this.streams.values();
  }

  /** The stream that {@link CameraRelay.state} speaks of. */
  isWatched(stream: object): boolean {
    return stream === this.watched;
  }

  /** Where its publisher is let in; undefined for a camera that is pulled. */
  get push(): Push | undefined {
    return this.watched.push;
  }

  readerCount(nowMs: number): number {
    let count = 0;
    for (const stream of this.streams.values()) count += stream.readerCount(nowMs);
    return count;
  }

  /** A stream that is pulled tells by itself how the camera is. */
  get probeDueMs(): number {
    return this.watched.isPulled ? Number.POSITIVE_INFINITY : this.nextProbeMs;
  }

  get isProbing(): boolean {
    return this.probing !== undefined;
  }

  probe(): void {
    let isOver = false;
    const made = this.watched.probe((why) => {
      isOver = true;
      this.probed(why);
    });
    this.probing = isOver ? undefined : made;
  }

  tick(nowMs: number): void {
    for (const stream of this.streams.values()) {
      const isSampled = stream.tick(nowMs);
      if (stream === this.watched && isSampled) this.judge(nowMs);
    }
    for (const stream of this.converted.values()) stream.tick(nowMs);
    const { isPulled } = this.watched;
    if (isPulled !== this.wasPulled) this.turn(isPulled, nowMs);
    this.probing?.tick(nowMs);
    if (isPulled) this.note(this.machine.tick(nowMs, this.watched.packetsCome));
  }

  stop(): void {
    this.endProbe();
    for (const stream of this.converted.values()) stream.stop();
    for (const stream of this.streams.values()) stream.stop();
  }

  /** @param gone why the relay no longer speaks for it: written as the last word of a relay that stops */
  healthRow(gone?: { readonly code: string; readonly message: string }): HealthRow {
    const { clock } = this.options;
    const { state } = this.machine;
    const toWallMs = clock.nowMs() - clock.monotonicMs();
    const { watched } = this;
    const rates = gone ? undefined : watched.rates;
    const reason = gone ?? ('reason' in state ? state.reason : undefined);
    const wasOffline = state.name === 'offline';
    const isSeen = state.name === 'online' || state.name === 'degraded';
    return {
      cameraId: this.currentConfig.id,
      state: gone ? 'offline' : state.name,
      sinceMs: gone && !wasOffline ? clock.nowMs() : this.since.wallMs,
      reasonCode: reason?.code ?? null,
      reasonMessage: reason?.message ?? null,
      reconnects: this.watched.reconnects,
      bitrateKbps: rates?.bitrateKbps ?? null,
      framesPerSecond: rates?.framesPerSecond ?? null,
      keyFrameIntervalMs: this.watched.keyFrameIntervalMs ?? null,
      lastKeyFrameAtMs: watched.lastKeyFrameMs === undefined ? null : watched.lastKeyFrameMs + toWallMs,
      checkedAtMs: gone || watched.isPulled ? null : this.checkedAtMs,
      lossShare: rates?.lossShare ?? null,
      jitterMs: (rates && watched.jitterMs) ?? null,
      delayMs: (rates && watched.delayMs) ?? null,
      readers: gone ? null : this.readerCount(clock.monotonicMs()),
      ...this.activityColumns(isSeen && !gone, toWallMs),
      yields: this.push !== undefined && !this.push.isReceiving,
    };
  }

  /** What was scored last says nothing of a camera that gives no picture now. */
  private activityColumns(isSeen: boolean, toWallMs: number): ActivityColumns {
    if (!isSeen) return { activityState: null, activityScore: null, activitySinceMs: null };
    const { state, score, sinceMs } = this.activity;
    return { activityState: state, activityScore: score ?? null, activitySinceMs: sinceMs + toWallMs };
  }

  /** It is pulled from now on, or not any more. */
  private turn(isPulled: boolean, nowMs: number): void {
    this.wasPulled = isPulled;
    this.endProbe();
    if (isPulled) return this.note(this.machine.pulled(nowMs));
    this.checkedAtMs = Math.round(this.options.clock.nowMs());
    const isWell = this.machine.rested(nowMs);
    this.nextProbeMs = isWell ? nowMs + this.spread(PROBE_EVERY_MS) : nowMs;
    this.note(isWell);
  }

  private probed(why: Refusal | undefined): void {
    const { clock } = this.options;
    const nowMs = clock.monotonicMs();
    this.probing = undefined;
    this.checkedAtMs = Math.round(clock.nowMs());
    const waitMs = why ? retryWaitMs(why.code, PROBE_AWAY_MS) : PROBE_EVERY_MS;
    this.nextProbeMs = nowMs + this.spread(waitMs);
    this.note(this.machine.probed(why, nowMs));
  }

  private endProbe(): void {
    this.probing?.cancel();
    this.probing = undefined;
  }

  private spread(waitMs: number): number {
    return waitMs * (1 + this.options.random32() / 2 ** 32 / 5);
  }

  private createStream(config: CameraConfig['streams'][number], isWatched: boolean): StreamRelay {
    const { clock, readBuffer, turns, pool, windowRule } = this.options;
    const { host, credential, push, transport, withAudio } = this.currentConfig;
    return new StreamRelay({
      config,
      host,
      credential,
      push,
      transport,
      withAudio,
      mayRedirectTo: (to) => this.options.mayRedirectTo(to),
      demand: isWatched ? demandOf(this.currentConfig) : ON_DEMAND,
      readBuffer,
      turns,
      pool,
      windowRule,
      target: this.target,
      reporterSsrc: this.options.random32(),
      clock,
      clockError: () => clockErrorOf(this.currentConfig),
      log: this.logOf(config.role),
      onFrame: (unit) => isWatched && this.frame(unit),
      onBreak: (isNewFormat) => isWatched && this.breakActivity(isNewFormat),
      onFailure: (reason) => isWatched && this.note(this.machine.failure(reason, clock.monotonicMs())),
    });
  }

  private logOf(stream: StreamRole): Logger {
    const { id, code } = this.options.config;
    return withFields(this.options.log, { cameraId: id, camera: code, stream });
  }

  /** Hot path. */
  private frame({ arrivedMs, bytes, isKey }: ArrivedUnit): void {
    if (this.activity.unit(bytes, isKey, arrivedMs)) this.noteActivity();
    if (!this.machine.frame(arrivedMs)) return;
    this.firstFrameMs = arrivedMs;
    this.note(true);
  }

  /** A camera that comes back shows what it showed before; with another format, nothing is as it was. */
  private breakActivity(isNewFormat: boolean): void {
    if (!isNewFormat) this.activity.gap();
    else if (this.activity.restart(this.options.clock.monotonicMs())) this.noteActivity();
  }

  private noteActivity(): void {
    const { id, code } = this.currentConfig;
    const { state, score } = this.activity;
    this.options.log.debug({ cameraId: id, camera: code, activity: state, score }, 'camera activity');
    this.options.onChange(this);
  }

  private judge(nowMs: number): void {
    if (this.firstFrameMs === undefined || nowMs - this.firstFrameMs < SETTLE_MS) return;
    const quality = {
      rates: this.watched.rates,
      keyFrameAgeMs: nowMs - (this.watched.lastKeyFrameMs ?? this.firstFrameMs),
      announcedFramesPerSecond: this.watched.announcedFramesPerSecond,
    };
    this.note(this.machine.judge(quality, nowMs));
  }

  private note(changed: boolean): void {
    if (!changed) return;
    const { log, clock } = this.options;
    const config = this.currentConfig;
    const { state } = this.machine;
    if (state.sinceMs !== this.since.monotonicMs) {
      const ageMs = clock.monotonicMs() - state.sinceMs;
      this.since = { monotonicMs: state.sinceMs, wallMs: Math.round(clock.nowMs() - ageMs) };
    }
    const reason = 'reason' in state ? state.reason : undefined;
    log.info(
      {
        cameraId: config.id,
        camera: config.code,
        state: state.name,
        ...(reason && { code: reason.code, reason: reason.message }),
      },
      'camera state',
    );
    this.options.onChange(this);
  }
}

/** One that sends by itself costs nothing before it does. */
function demandOf({ warm, push }: CameraConfig): DemandRule {
  return warm || push ? { name: 'always' } : ON_DEMAND;
}

/** Measured without a word on how well: as well as ONVIF's whole seconds allow. */
const USUAL_UNCERTAINTY_MS = 500;

function clockErrorOf({ clockErrorMs, clockUncertaintyMs }: CameraConfig): ClockError | undefined {
  if (clockErrorMs === undefined) return undefined;
  return { errorMs: clockErrorMs, uncertaintyMs: clockUncertaintyMs ?? USUAL_UNCERTAINTY_MS };
}

function withFields(log: Logger, fields: Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (more, message) => log.debug({ ...fields, ...more }, message),
    info: (more, message) => log.info({ ...fields, ...more }, message),
    warn: (more, message) => log.warn({ ...fields, ...more }, message),
    error: (more, message) => log.error({ ...fields, ...more }, message),
  };
}
