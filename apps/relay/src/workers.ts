import { fork, type ChildProcess } from 'node:child_process';
import { MessageChannel } from 'node:worker_threads';
import { Backoff, reasonOf, sleep, type Clock, type Logger } from '#libs/base';

const RESTART = { firstMs: 250, maxMs: 10_000, jitter: 0.2 };
/** A run of this length clears what was before it. */
const STABLE_MS = 60_000;
/** A worker says this often that it turns... */
export const ALIVE_MS = 2_000;
/** ...and one that was silent for so long hangs: it is killed and started again. */
const HUNG_MS = 20_000;
/** One that is told to stop gives its cameras back and says goodbye to its readers; after this it is killed. */
const STOP_MS = 7_000;

export interface WorkersOptions {
  /** The program that runs as a worker when it is told its number. */
  readonly program: string;
  readonly count: number;
  /** UUID that they share: they reach the database by the same way. */
  readonly site: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Runs several relays as processes of one machine, so that it uses several cores. Each is a relay like any other, with a
 * name, a port and leases of its own: sharing, moving and taking over are what relays of different machines do anyway, a worker that
 * dies is nobody else's affair, and no video passes from process to process. (One port for all of them would need a process in
 * front that reads requests and hands sockets over; a browser's connection carries requests for cameras of several workers, so it would have
 * to pass on bytes as well, and be the one core again.)
 */
export class Workers {
  constructor(private readonly options: WorkersOptions) {}

  /** Resolves when `signal` aborted and every worker has ended. */
  async run(signal: AbortSignal): Promise<void> {
    // Timers of the clock hold no process, and between two tries there may be no worker that does.
    const hold = new MessageChannel();
    hold.port1.on('message', () => {});
    const numbers = Array.from({ length: this.options.count }, (_none, index) => index + 1);
    await Promise.all(numbers.map((number) => this.keep(number, signal)));
    hold.port1.close();
  }

  private async keep(number: number, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    const backoff = new Backoff(RESTART);
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      const why = await this.runOnce(number, signal);
      if (signal.aborted) return;
      if (clock.monotonicMs() - startedMs >= STABLE_MS) backoff.reset();
      const waitMs = backoff.nextMs();
      log.error({ worker: number, why, waitMs }, 'worker ended, is started again');
      await sleep(clock, waitMs, signal);
    }
  }

  /** One life of a worker; resolves with how it ended. */
  private async runOnce(number: number, signal: AbortSignal): Promise<string> {
    const { program, site, clock } = this.options;
    const child = fork(program, [`--worker=${number}`, `--site=${site}`], { stdio: 'inherit' });
    const ended = endOf(child);
    let heardMs = clock.monotonicMs();
    child.on('message', () => (heardMs = clock.monotonicMs()));
    const watch = clock.every(ALIVE_MS, () => {
      if (clock.monotonicMs() - heardMs > HUNG_MS) child.kill('SIGKILL');
    });
    const stop = (): void => this.stop(child);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await ended;
    } finally {
      watch.cancel();
      signal.removeEventListener('abort', stop);
    }
  }

  private stop(child: ChildProcess): void {
    child.kill('SIGTERM');
    const force = this.options.clock.after(STOP_MS, () => child.kill('SIGKILL'));
    child.once('exit', () => force.cancel());
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    // It could not be started, or not be told something: the second is followed by its end.
    child.on('error', (error) => child.pid === undefined && resolve(reasonOf(error)));
  });
}

/** What a worker was told on its command line; undefined for a relay that is no worker. */
export interface WorkerRole {
  readonly number: number;
  readonly site: string;
}

export function workerRoleOf(args: readonly string[]): WorkerRole | undefined {
  const number = /^--worker=([1-8])$/.exec(args[0] ?? '')?.[1];
  const site = /^--site=([0-9a-f-]{36})$/.exec(args[1] ?? '')?.[1];
  return number === undefined || site === undefined ? undefined : { number: Number(number), site };
}
