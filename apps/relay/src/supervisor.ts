import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { reasonOf, type Clock, type Logger, type Timer } from '#libs/base';
import { BlockPool, type WindowRule } from '#libs/hls';
import type { CameraConfig, CameraSource } from './camera-source.ts';
import { ReadTurns } from './read-turns.ts';
import { CameraRelay } from './camera-relay.ts';
import type { FfmpegPool } from './ffmpeg/ffmpeg-pool.ts';
import { ProbeRound } from './probe-round.ts';
import type { Push } from './rtmp/push.ts';

/**
 * One ticker for every camera: deadlines are kept in plain numbers and looked at here. The shortest is a second, and a look
 * at a camera costs about 5 us of cold memory: at ten looks a second a twelfth of the relay's time went there.
 */
const TICK_MS = 250;
/** One read of one socket: about 60 ms of a camera of 8 Mbit/s. */
const READ_BUFFER_BYTES = 64 * 1024;

export interface SupervisorOptions {
  readonly windowRule: WindowRule;
  readonly ffmpeg: FfmpegPool;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether a camera may send us to this other host. */
  mayRedirectTo(host: string): boolean;
  onCameraChange(camera: CameraRelay): void;
}

/** Has exactly the cameras that its source names, each running. Owner of all of them. */
export class Supervisor {
  private readonly cameras = new Map<string, CameraRelay>();
  private readonly readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  private readonly pool = new BlockPool();
  private readonly probes = new ProbeRound();
  private readonly turns: ReadTurns;
  private ticker: Timer | undefined;
  private listed = false;

  constructor(private readonly options: SupervisorOptions) {
    this.turns = new ReadTurns(options.clock);
  }

  /** The source has told its list at least once. */
  get hasList(): boolean {
    return this.listed;
  }

  camera(id: string): CameraRelay | undefined {
    return this.cameras.get(id);
  }

  /** Where a publisher of this name is let in. */
  push(streamName: string): Push | undefined {
    for (const { push } of this.cameras.values()) if (push?.streamName === streamName) return push;
    return undefined;
  }

  all(): Iterable<CameraRelay> {
    return this.cameras.values();
  }

  get size(): number {
    return this.cameras.size;
  }

  /** Readers of all streams of a camera. */
  readersOf(id: string): number {
    return this.cameras.get(id)?.readerCount(this.options.clock.monotonicMs()) ?? 0;
  }

  /** Resolves when `signal` aborted and every camera was let go. */
  async run(source: CameraSource, signal: AbortSignal): Promise<void> {
    this.ticker = this.options.clock.every(TICK_MS, () => this.tick());
    try {
      await source.run((cameras) => this.apply(cameras), signal);
      await aborted(signal);
    } finally {
      this.ticker.cancel();
      this.turns.stop();
    }
  }

  /** Ends every connection; the cameras can still be asked how they were. */
  stopAll(): void {
    for (const camera of this.cameras.values()) camera.stop();
  }

  private tick(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const camera of this.cameras.values()) camera.tick(nowMs);
    this.probes.tick(this.cameras.values(), nowMs);
  }

  /** Starts what is new, restarts what is reached differently than before, stops what is gone. */
  private apply(configs: readonly CameraConfig[]): void {
    const wanted = new Set(configs.map((config) => config.id));
    for (const [id, camera] of this.cameras) {
      if (!wanted.has(id)) this.remove(id, camera);
    }
    for (const config of configs) this.put(config);
    this.listed = true;
  }

  private put(config: CameraConfig): void {
    const known = this.cameras.get(config.id);
    if (known && isReachedAlike(known.config, config)) return known.update(config);
    if (known) this.remove(config.id, known);
    try {
      this.add(config);
    } catch (error) {
      this.options.log.error({ cameraId: config.id, reason: reasonOf(error) }, 'camera cannot be relayed');
    }
  }

  private add(config: CameraConfig): void {
    const { clock, log } = this.options;
    const camera = new CameraRelay({
      config,
      readBuffer: this.readBuffer,
      turns: this.turns,
      pool: this.pool,
      windowRule: this.options.windowRule,
      ffmpeg: this.options.ffmpeg,
      clock,
      log,
      mayRedirectTo: (host) => this.options.mayRedirectTo(host),
      random32: () => randomInt(2 ** 32),
      onChange: (changed) => this.options.onCameraChange(changed),
    });
    this.cameras.set(config.id, camera);
    this.options.onCameraChange(camera);
    camera.tick(clock.monotonicMs());
  }

  private remove(id: string, camera: CameraRelay): void {
    this.cameras.delete(id);
    camera.stop();
  }
}

/** A camera that was only renamed, or is to be pulled at other times, or whose clock was measured, goes on without a break. */
function isReachedAlike(before: CameraConfig, after: CameraConfig): boolean {
  const reach = (config: CameraConfig): CameraConfig => ({
    ...config,
    code: '',
    warm: true,
    clockErrorMs: undefined,
    clockUncertaintyMs: undefined,
  });
  return isDeepStrictEqual(reach(before), reach(after));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
