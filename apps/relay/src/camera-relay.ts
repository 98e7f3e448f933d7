import type { Clock, Logger } from '#libs/base';
import type { BlockPool, WindowRule } from '#libs/hls';
import { CameraStateMachine, type CameraState, type ClockError } from '#libs/relay';
import type { StreamRole } from '#libs/wire';
import type { CameraConfig } from './camera-source.ts';
import type { ReadTurns } from './read-turns.ts';
import type { HealthRow } from './store.ts';
import { StreamRelay } from './stream-relay.ts';

/** How long a stream on demand is kept after the last request. */
const LINGER_MS = 15_000;
/** Rates of the first seconds of a connection say little: a camera sends what it has, then settles. */
const SETTLE_MS = 3_000;

export interface CameraRelayOptions {
  readonly config: CameraConfig;
  readonly readBuffer: Buffer;
  readonly turns: ReadTurns;
  readonly pool: BlockPool;
  readonly windowRule: WindowRule;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random32: () => number;
  /** The state changed: to be written at once. */
  onChange(camera: CameraRelay): void;
}

/**
 * One camera: its streams and how it is. Its health is that of the stream that is always pulled: the sub stream, or the
 * main stream of a camera that has no other. A main stream on demand that fails is told to its readers only.
 */
export class CameraRelay {
  private readonly streams = new Map<StreamRole, StreamRelay>();
  private readonly watched: StreamRelay;
  private readonly machine: CameraStateMachine;
  private firstFrameMs: number | undefined;
  private currentConfig: CameraConfig;
  /** The state's beginning on both clocks, so that it stays the same moment when the wall clock is set. */
  private since: { readonly monotonicMs: number; readonly wallMs: number };

  constructor(private readonly options: CameraRelayOptions) {
    const { config, clock } = options;
    this.currentConfig = config;
    this.machine = new CameraStateMachine(clock.monotonicMs());
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

  /** Its code was changed or its clock measured; nothing else is different. */
  update(config: CameraConfig): void {
    this.currentConfig = config;
  }

  get state(): CameraState {
    return this.machine.state;
  }

  stream(role: StreamRole): StreamRelay | undefined {
    return this.streams.get(role);
  }

  allStreams(): Iterable<StreamRelay> {
    return this.streams.values();
  }

  /** The stream that {@link CameraRelay.state} speaks of. */
  isWatched(stream: StreamRelay): boolean {
    return stream === this.watched;
  }

  tick(nowMs: number): void {
    for (const stream of this.streams.values()) {
      const isSampled = stream.tick(nowMs);
      if (stream === this.watched && isSampled) this.judge(nowMs);
    }
    this.note(this.machine.tick(nowMs, this.watched.packetsCome));
  }

  stop(): void {
    for (const stream of this.streams.values()) stream.stop();
  }

  /** @param gone why the relay no longer speaks for it: written as the last word of a relay that stops */
  healthRow(gone?: { readonly code: string; readonly message: string }): HealthRow {
    const { clock } = this.options;
    const { state } = this.machine;
    const toWallMs = clock.nowMs() - clock.monotonicMs();
    const rates = gone ? undefined : this.watched.rates;
    const reason = gone ?? ('reason' in state ? state.reason : undefined);
    const wasOffline = state.name === 'offline';
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
      lastKeyFrameAtMs: this.watched.lastKeyFrameMs === undefined ? null : this.watched.lastKeyFrameMs + toWallMs,
    };
  }

  private createStream(config: CameraConfig['streams'][number], isWatched: boolean): StreamRelay {
    const { clock, log, readBuffer, turns, pool, windowRule } = this.options;
    const { id, code, host, credential } = this.options.config;
    return new StreamRelay({
      config,
      host,
      credential,
      demand: isWatched ? { name: 'always' } : { name: 'on-demand', lingerMs: LINGER_MS },
      readBuffer,
      turns,
      pool,
      windowRule,
      reporterSsrc: this.options.random32(),
      clock,
      clockError: () => clockErrorOf(this.currentConfig),
      log: withFields(log, { cameraId: id, camera: code, stream: config.role }),
      onFrame: (nowMs) => isWatched && this.frame(nowMs),
      onFailure: (reason) => isWatched && this.note(this.machine.failure(reason, clock.monotonicMs())),
    });
  }

  /** Hot path. */
  private frame(nowMs: number): void {
    if (!this.machine.frame(nowMs)) return;
    this.firstFrameMs = nowMs;
    this.note(true);
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
