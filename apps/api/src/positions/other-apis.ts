import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Backoff, ErrorCounter, reasonOf, sleep, uuidV7, type Logger, type Timer } from '#libs/base';
import { PG_CHANNELS } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import { MAX_IDS_PER_MESSAGE, movesMessage, readMovesMessage } from './moves-message.ts';
import { TrackStore } from './track.store.ts';

/** What moved within it shares a message. NOTIFY takes a lock of the whole server at commit: a few a second cost nothing. */
const TELL_EVERY_MS = 150;
const MAX_END_MS = 1_000;
const RECONNECT = { firstMs: 250, maxMs: 5_000, jitter: 0.3 };

/** Reads where these units are, or all of them (`null`). May reject: it is asked again. */
export type MoveReader = (unitIds: readonly string[] | null) => Promise<void>;

/**
 * Several processes of the api on one database: each tells which units moved, once that is on disk, and hears it of the
 * others. Messages carry ids; where the units are is read from their tracks. Nothing is polled: while a connection lives
 * every message comes, and after one was lost everything is read once.
 */
@Injectable()
export class OtherApis implements BeforeApplicationShutdown {
  private readonly ownId: string;
  private readonly untold = new Set<string>();
  /** Units that moved elsewhere and were not read yet. At most the units there are. */
  private unread = new Set<string>();
  private unreadAll = false;
  private reading: Promise<void> | undefined;
  private telling: Promise<void> | undefined;
  private readonly stop = new AbortController();
  private readonly problems: ErrorCounter;
  private timer: Timer | undefined;
  private hearing: Promise<void> = Promise.resolve();
  private read: MoveReader = () => Promise.resolve();

  constructor(
    private readonly tracks: TrackStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) private readonly config: Pick<ApiConfig, 'databaseUrl'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.ownId = uuidV7(clock.nowMs());
    this.problems = new ErrorCounter(clock, (count, last) =>
      logger.warn({ count, reason: last }, 'positions could not be exchanged with other processes of the api'),
    );
  }

  start(read: MoveReader): void {
    this.read = read;
    this.timer = this.clock.every(TELL_EVERY_MS, () => this.turn());
    this.hearing = this.runHearing();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    this.stop.abort();
    await Promise.all([this.hearing, this.reading, this.telling]);
    this.problems.flush();
  }

  /** A unit moved here, and its fix is on disk. */
  tell(unitId: string): void {
    this.untold.add(unitId);
  }

  /** One message and one reading at a time. What fails is tried at the next turn. */
  private turn(): void {
    if (this.untold.size > 0) this.telling ??= this.tellAll().finally(() => (this.telling = undefined));
    if (this.unreadAll || this.unread.size > 0)
      this.reading ??= this.readAll().finally(() => (this.reading = undefined));
  }

  private async tellAll(): Promise<void> {
    while (this.untold.size > 0) {
      const ids = [...this.untold].slice(0, MAX_IDS_PER_MESSAGE);
      for (const id of ids) this.untold.delete(id);
      try {
        await this.tracks.notifyMoves(movesMessage(this.ownId, ids));
      } catch (thrown) {
        this.problems.add(reasonOf(thrown));
        for (const id of ids) this.untold.add(id);
        return;
      }
    }
  }

  private async readAll(): Promise<void> {
    const [all, ids] = [this.unreadAll, this.unread];
    this.unreadAll = false;
    this.unread = new Set();
    try {
      await this.read(all ? null : [...ids]);
    } catch (thrown) {
      this.problems.add(reasonOf(thrown));
      this.unreadAll ||= all;
      for (const id of ids) this.unread.add(id);
    }
  }

  private hear(payload: string | undefined): void {
    const message = readMovesMessage(payload ?? '');
    if (!message) return this.problems.add('a message of moves was not understood');
    if (message.speakerId === this.ownId) return;
    for (const id of message.unitIds) this.unread.add(id);
  }

  private async runHearing(): Promise<void> {
    const backoff = new Backoff(RECONNECT);
    while (!this.stop.signal.aborted) {
      const reason = await this.hearUntilLost(() => backoff.reset());
      if (this.stop.signal.aborted) return;
      this.logger.warn({ reason }, 'moves of other processes of the api are not heard');
      await sleep(this.clock, backoff.nextMs(), this.stop.signal);
    }
  }

  /** One connection's life. Answers why it ended. */
  private async hearUntilLost(onHeard: () => void): Promise<string> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      application_name: 'atalaya-moves-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    let leave = (_reason: string): void => {};
    const lost = new Promise<string>((resolve) => (leave = resolve));
    const onStop = (): void => leave('stopping');
    client.on('error', (thrown) => leave(reasonOf(thrown)));
    client.on('end', () => leave('the connection ended'));
    this.stop.signal.addEventListener('abort', onStop, { once: true });
    client.on('notification', ({ payload }) => this.hear(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${PG_CHANNELS.unitMoves}`);
      onHeard();
      // What was said while nobody listened here.
      this.unreadAll = true;
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
