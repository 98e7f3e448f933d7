import { readFile, rename, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Backoff, reasonOf, sleep, systemClock } from '#libs/base';
import type { LedgerEventView } from '#libs/wire';
import { z } from 'zod';
import { cookieOf } from './e2e/api-client.ts';
import { FollowEndedError, LedgerFollower } from './ledger-follow/ledger-follower.ts';

const USAGE =
  'npm run ledger:follow -- --login <file: {"username", "password"}> [--url http://127.0.0.1:8080] [--cursor <file>] [--after <number>]';
const SIGN_IN_AGAIN = { firstMs: 1_000, maxMs: 30_000, jitter: 0.3 };

const login = z.object({ username: z.string(), password: z.string() });
const cursorText = z
  .string()
  .trim()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/**
 * Writes every event of the ledger that the login may see to standard output, one line of JSON each, in order, each once, and
 * goes on with those to come. With `--cursor` it goes on where it stopped. Docs: docs/ledger.md, Reading.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      login: { type: 'string' },
      cursor: { type: 'string' },
      after: { type: 'string', default: '0' },
    },
  });
  if (values.login === undefined) throw new Error(USAGE);
  const who = login.parse(JSON.parse(await readFile(values.login, 'utf8')));
  const stored = values.cursor === undefined ? undefined : await readFile(values.cursor, 'utf8').catch(() => undefined);
  const after = cursorText.parse(stored ?? values.after);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const follower = new LedgerFollower(
    values.url,
    after,
    (events, seq) => tell(events, seq, values.cursor),
    systemClock,
  );
  await followOn(follower, () => cookieOf(values.url, who), stop.signal);
}

/** A session ends after some hours; a centre may be away: signs in again, for as long as it is wanted. */
async function followOn(follower: LedgerFollower, signIn: () => Promise<string>, signal: AbortSignal): Promise<void> {
  const backoff = new Backoff(SIGN_IN_AGAIN);
  while (!signal.aborted) {
    try {
      const cookie = await signIn();
      backoff.reset();
      await follower.run(cookie, signal);
    } catch (thrown) {
      if (thrown instanceof FollowEndedError && thrown.code === 'ledger-too-far') throw thrown;
      console.error(`${reasonOf(thrown)}; trying again`);
      await sleep(systemClock, backoff.nextMs(), signal);
    }
  }
}

/** The cursor is stored after the lines were handed on: a crash between repeats them, and never leaves one out. */
async function tell(events: readonly LedgerEventView[], seq: number, cursorFile: string | undefined): Promise<void> {
  for (const event of events)
    if (!process.stdout.write(`${JSON.stringify(event)}\n`)) await once(process.stdout, 'drain');
  if (cursorFile === undefined) return;
  await writeFile(`${cursorFile}.new`, `${seq}\n`);
  await rename(`${cursorFile}.new`, cursorFile);
}

try {
  await main();
} catch (thrown) {
  console.error(reasonOf(thrown, 1_000));
  process.exitCode = 1;
}
