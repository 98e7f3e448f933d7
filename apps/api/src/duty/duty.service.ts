import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Backoff, reasonOf, refusal, sleep, type Logger, type Refusal } from '#libs/base';
import { PG_CHANNELS } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';

/** Any constant that no other advisory lock of the api takes. Whoever holds it has the duty. */
const DUTY_LOCK = 7_215_400_079;
/** An api without the duty asks for it, and one that has it makes sure of its connection, this often. */
const ASK_EVERY_MS = 1_000;
/** A database that does not answer for so long may have given the duty to another api by now. */
const MAX_ANSWER_MS = 2_000;
const MAX_END_MS = 1_000;
const SILENT = Symbol('silent');
const RECONNECT = { firstMs: 250, maxMs: 5_000, jitter: 0.3 } as const;

/** `unknown`: this api had it, and the database is away: nobody can say who has it now. Ends with the next answer. */
type Duty = 'on' | 'off' | 'unknown';

/** Must not throw and must not wait. */
export interface DutyListener {
  /** This api has the duty, or has it again after the database was away: another may have had it meanwhile. */
  began?(): void;
  /** Another api has it. */
  ended?(): void;
}

/**
 * One of the apis on a database has the duty: it listens to the cameras, opens and ends alarms, and steers. The duty is an
 * advisory lock of one connection, so that two apis never have it, and it goes to another api when its owner stops or
 * loses the database. Over the same connection apis tell each other which alarms have changed.
 */
@Injectable()
export class DutyService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners: DutyListener[] = [];
  private readonly hearers: ((alarmId: string) => void)[] = [];
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private state: Duty = 'off';

  constructor(
    @Inject(API_CONFIG) private readonly config: Pick<ApiConfig, 'databaseUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  /** Later than everything that is done on duty: another api begins when that is written. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** This api has the duty, and no other has. */
  get isOn(): boolean {
    return this.state === 'on';
  }

  /** Some other api has it. Not so while the database is away: what is seen then is kept. */
  get isElsewhere(): boolean {
    return this.state === 'off';
  }

  /** Told at once when the duty is here already. */
  listen(listener: DutyListener): void {
    this.listeners.push(listener);
    if (this.isOn) listener.began?.();
  }

  /** Hears of alarms that any api changed, this one included. */
  onAlarm(hear: (alarmId: string) => void): void {
    this.hearers.push(hear);
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(RECONNECT);
    while (!this.stopping.signal.aborted) {
      const reason = await this.serve(() => backoff.reset());
      if (this.stopping.signal.aborted) return;
      this.logger.warn({ reason }, 'the connection that holds the duty was lost');
      await sleep(this.clock, backoff.nextMs(), this.stopping.signal);
    }
  }

  /** One connection's life. Answers why it ended. */
  private async serve(onConnected: () => void): Promise<string> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      application_name: 'atalaya-duty',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (thrown) => lost.abort(thrown));
    client.on('end', () => lost.abort(new Error('the connection ended')));
    client.on('notification', ({ payload }) => this.hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${PG_CHANNELS.cameraAlarm}`);
      onConnected();
      return await this.askOn(client, AbortSignal.any([lost.signal, this.stopping.signal]));
    } catch (thrown) {
      return reasonOf(thrown);
    } finally {
      // The duty ends before its lock does.
      if (this.state === 'on') this.set('unknown');
      await Promise.race([client.end().catch(() => undefined), sleep(this.clock, MAX_END_MS)]);
    }
  }

  private async askOn(client: pg.Client, over: AbortSignal): Promise<string> {
    while (!over.aborted) {
      const taken = await Promise.race([this.ask(client), sleep(this.clock, MAX_ANSWER_MS, over).then(() => SILENT)]);
      if (over.aborted) break;
      if (taken === SILENT) return 'the database does not answer';
      this.set(taken ? 'on' : 'off');
      await sleep(this.clock, ASK_EVERY_MS, over);
    }
    return reasonOf(over.reason);
  }

  private async ask(client: pg.Client): Promise<boolean> {
    if (this.isOn) return (await client.query('SELECT 1')).rowCount === 1;
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [DUTY_LOCK]);
    return rows[0]?.taken === true;
  }

  private set(state: Duty): void {
    if (state === this.state) return;
    this.state = state;
    this.logger.info({ duty: state }, 'the duty of this api changed');
    if (state === 'unknown') return;
    for (const listener of this.listeners) (state === 'on' ? listener.began : listener.ended)?.call(listener);
  }

  private hear(alarmId: string): void {
    for (const hearer of this.hearers) hearer(alarmId);
  }
}

/** What only the api on duty may do was asked of another. */
export function dutyElsewhere(): Refusal {
  return refusal('unavailable', 'duty-elsewhere', 'another api process has the duty; ask that one');
}
