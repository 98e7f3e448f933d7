import { ErrorCounter, reasonOf, sleep, type Clock, type Logger } from '#libs/base';
import type { CameraRelay } from './camera-relay.ts';
import type { HealthRow, RelayNode, Store } from './store.ts';

/** Rates of every camera. */
const METRICS_MS = 2_000;
/** Changes within this long are written together: a switch that dies takes fifty cameras in one go. */
const GATHER_MS = 50;
const FINAL_WRITE_MS = 2_000;

export interface HealthWriterOptions {
  readonly store: Store;
  readonly node: RelayNode;
  readonly clock: Clock;
  readonly log: Logger;
  cameras(): Iterable<CameraRelay>;
}

/**
 * Writes how cameras are: a change at once, the rates of all every two seconds, one statement each, one at a time. What
 * could not be written while the database was away needs no queue: the next full write says how everything is by then.
 */
export class HealthWriter {
  private readonly changed = new Map<string, CameraRelay>();
  private wake: AbortController | undefined;
  private nextFullMs = 0;
  private readonly errors: ErrorCounter;

  constructor(private readonly options: HealthWriterOptions) {
    const { clock, log } = options;
    const report = (count: number, reason: string): void =>
      log.warn({ count, reason }, 'camera health cannot be written');
    this.errors = new ErrorCounter(clock, report, 10_000);
  }

  /** The camera's state changed. */
  note(camera: CameraRelay): void {
    this.changed.set(camera.config.id, camera);
    this.wake?.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (!signal.aborted) {
      this.wake = new AbortController();
      const waitMs = this.changed.size > 0 ? GATHER_MS : Math.max(0, this.nextFullMs - clock.monotonicMs());
      const stop = this.changed.size > 0 ? signal : AbortSignal.any([signal, this.wake.signal]);
      await sleep(clock, waitMs, stop);
      if (!signal.aborted) await this.runOnce();
    }
    this.errors.flush();
  }

  private async runOnce(): Promise<void> {
    const { clock } = this.options;
    const isFull = clock.monotonicMs() >= this.nextFullMs;
    const cameras = isFull ? [...this.options.cameras()] : [...this.changed.values()];
    if (!isFull && cameras.length === 0) return;
    if (isFull) this.nextFullMs = clock.monotonicMs() + METRICS_MS;
    this.changed.clear();
    await this.write(cameras.map((camera) => camera.healthRow()));
  }

  private async write(rows: readonly HealthRow[]): Promise<void> {
    const { store, node, clock } = this.options;
    try {
      await store.writeHealth(node, rows, clock.nowMs());
    } catch (error) {
      this.errors.add(reasonOf(error));
    }
  }

  /** The last word of a relay that stops: nobody watches these cameras now. Gives up when the database is away. */
  async writeGone(): Promise<void> {
    const gone = { code: 'relay-stopped', message: 'the relay was stopped' };
    const rows = [...this.options.cameras()].map((camera) => camera.healthRow(gone));
    await Promise.race([this.write(rows), sleep(this.options.clock, FINAL_WRITE_MS)]);
    this.errors.flush();
  }
}
