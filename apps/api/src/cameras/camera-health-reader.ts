import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import pg from 'pg';
import { Backoff, reasonOf, sleep, type Logger, type Timer } from '#libs/base';
import { PG_CHANNELS } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import { CameraHealthBoard } from './camera-health-board.ts';
import { CameraHealthStore } from './camera-health.store.ts';

/** The tables are asked this often whether or not anybody notified: a lost notification costs a second. */
const POLL_MS = 1_000;
/** Notifications of a busy relay share one reading. */
const MIN_BETWEEN_MS = 100;
const MAX_END_MS = 1_000;
const RECONNECT = { firstMs: 250, maxMs: 5_000, jitter: 0.3 };

/** Reads what the relays write, tells who listens which cameras changed. Its own connection hears the notifications. */
@Injectable()
export class CameraHealthReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly board: CameraHealthBoard;
  private readonly stop = new AbortController();
  private readonly listeners = new Set<(cameraIds: readonly string[]) => void>();
  private readonly loops: Promise<void>[] = [];
  private wake: () => void = () => {};
  /** A notification that came since the last reading began. */
  private told = false;
  private pollFailed = false;

  constructor(
    private readonly store: CameraHealthStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) private readonly config: Pick<ApiConfig, 'databaseUrl'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.board = new CameraHealthBoard(clock);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.loops.push(this.runPolls(), this.runNotifications());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.wake();
    await Promise.all(this.loops);
  }

  /** Hears the ids of cameras whose health looks different. Must not throw and must not wait. */
  onChanged(listener: (cameraIds: readonly string[]) => void): void {
    this.listeners.add(listener);
  }

  private async runPolls(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.nextTurn();
      if (this.stop.signal.aborted) return;
      this.told = false;
      await this.poll();
      await sleep(this.clock, MIN_BETWEEN_MS, this.stop.signal);
    }
  }

  /** Ends with a notification or with the period, whichever comes first. */
  private nextTurn(): Promise<void> {
    if (this.told) return Promise.resolve();
    return new Promise((resolve) => {
      const timer: Timer = this.clock.after(POLL_MS - MIN_BETWEEN_MS, () => this.wake());
      this.wake = () => {
        timer.cancel();
        this.wake = () => {};
        resolve();
      };
    });
  }

  private async poll(): Promise<void> {
    try {
      const [rows, beats] = await Promise.all([this.store.since(this.board.readAfter), this.store.relayBeats()]);
      const changed = this.board.update(rows, beats);
      this.pollFailed = false;
      if (changed.length > 0) for (const listener of this.listeners) listener(changed);
    } catch (thrown) {
      // Said once per outage: the readiness check says it for as long as it lasts.
      if (!this.pollFailed) this.logger.warn({ reason: reasonOf(thrown) }, 'camera health cannot be read');
      this.pollFailed = true;
    }
  }

  private async runNotifications(): Promise<void> {
    const backoff = new Backoff(RECONNECT);
    while (!this.stop.signal.aborted) {
      const reason = await this.hearUntilLost(() => backoff.reset());
      if (this.stop.signal.aborted) return;
      this.logger.warn({ reason }, 'notifications of camera health are not heard; asking each second');
      await sleep(this.clock, backoff.nextMs(), this.stop.signal);
    }
  }

  /** One connection's life. Answers why it ended. */
  private async hearUntilLost(onHeard: () => void): Promise<string> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      application_name: 'atalaya-api-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    let leave = (_reason: string): void => {};
    const lost = new Promise<string>((resolve) => (leave = resolve));
    const onStop = (): void => leave('stopping');
    client.on('error', (thrown) => leave(reasonOf(thrown)));
    client.on('end', () => leave('the connection ended'));
    this.stop.signal.addEventListener('abort', onStop, { once: true });
    client.on('notification', () => {
      this.told = true;
      this.wake();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${PG_CHANNELS.cameraHealth}`);
      onHeard();
      return await lost;
    } catch (thrown) {
      return reasonOf(thrown);
    } finally {
      this.stop.signal.removeEventListener('abort', onStop);
      // A server that is gone without a word would be waited for as long as TCP likes.
      await Promise.race([client.end().catch(() => undefined), sleep(this.clock, MAX_END_MS)]);
    }
  }
}
