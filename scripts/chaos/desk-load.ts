import { randomUUID } from 'node:crypto';
import { sleep, systemClock } from '#libs/base';
import { DISPATCH_CODES } from '#libs/dispatch';
import { commandAnswer, errorBody } from '#libs/wire';
import { until } from '../e2e/until.ts';
import type { DeskGame, Move } from './desk-game.ts';

/** What became of a command, as its operator was told. */
export type Told =
  | {
      readonly kind: 'done';
      /** Number of its last entry; `null` when nothing had to change. */ readonly seq: number | null;
    }
  | { readonly kind: 'refused'; readonly code: string };

/** An answer that takes longer is not waited for: the api may be gone. */
const ANSWER_WITHIN_MS = 10_000;
const TRY_AGAIN_MS = 50;
/** Not an outcome: who is told this sends the same again. An error without a name of its own (`internal`) is a fault. */
const PASSING: ReadonlySet<string> = new Set([
  'database-unavailable',
  'ledger-busy',
  'ledger-contended',
  'ledger-elsewhere',
  'ledger-outcome-unknown',
  'ledger-turn-too-long',
  'ledger-unavailable',
]);

/**
 * Operators at their desks, each with one command under way, over HTTP. Whoever hears nothing, or "not now", sends the same
 * command again until it is answered, as a page does: also to an api that was started anew.
 */
export class DeskLoad {
  /** Commands that were answered for good, by id. */
  readonly told = new Map<string, Told>();
  /** Requests that were cut off or put off. */
  retries = 0;
  private readonly stopping = new AbortController();
  private readonly problems: unknown[] = [];
  private desks: readonly Promise<void>[] = [];
  private rest: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly game: DeskGame,
  ) {}

  get done(): number {
    return [...this.told.values()].filter(({ kind }) => kind === 'done').length;
  }

  start(cookie: string, operators: number): void {
    this.desks = Array.from({ length: operators }, () =>
      this.sit(cookie).catch((thrown: unknown) => void this.problems.push(thrown)),
    );
  }

  /** Every operator finishes what is under way. @throws what went wrong at a desk. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.desks);
    this.expectNoProblem();
  }

  /** Waits until so many more commands were done. */
  async progress(count: number, withinMs: number): Promise<void> {
    const goal = this.done + count;
    await until(`${count} more commands`, withinMs, () => {
      this.expectNoProblem();
      return Promise.resolve(this.done >= goal);
    });
  }

  /** Nobody begins a command meanwhile; what is under way is finished. */
  async whileResting<T>(work: () => Promise<T>): Promise<T> {
    let wake = (): void => {};
    this.rest = new Promise((resolve) => (wake = resolve));
    try {
      return await work();
    } finally {
      wake();
    }
  }

  private expectNoProblem(): void {
    if (this.problems.length > 0) throw this.problems[0];
  }

  private async sit(cookie: string): Promise<void> {
    for (;;) {
      await this.rest;
      if (this.stopping.signal.aborted) return;
      const move = this.game.next();
      const commandId = randomUUID();
      const body = JSON.stringify({ commandId, sentAtMs: systemClock.nowMs(), ...move.wish });
      const told = await this.sendUntilTold(move, body, cookie);
      this.told.set(commandId, told);
      if (told.kind === 'done') this.game.done(move);
    }
  }

  private async sendUntilTold({ path }: Move, body: string, cookie: string): Promise<Told> {
    for (;;) {
      const heard = await this.send(path, body, cookie).catch(() => undefined);
      const told = heard && toldBy(path, body, heard);
      if (told) return told;
      this.retries++;
      await sleep(systemClock, TRY_AGAIN_MS);
    }
  }

  private async send(path: string, body: string, cookie: string): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { status: response.status, text: await response.text() };
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** `undefined`: not now. @throws for what nobody may be told, whatever was killed. */
function toldBy(path: string, body: string, { status, text }: Answer): Told | undefined {
  if (status < 300) return { kind: 'done', seq: commandAnswer.parse(JSON.parse(text)).seq };
  const { code } = errorBody.parse(JSON.parse(text));
  if (PASSING.has(code)) return undefined;
  if (Object.hasOwn(DISPATCH_CODES, code)) return { kind: 'refused', code };
  throw new Error(`POST ${path} ${body} was answered ${status} ${text}`);
}
