import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { RequestError } from '../live/http.ts';
import { CommandSender } from './command-sender.ts';

const noAnswer = new RequestError('no-connection', 0, 'no answer');

/** A line that fails as told, then answers. */
function lineOf(...failures: Error[]) {
  const sent: unknown[] = [];
  const tell = (_method: string, path: string, body: unknown): Promise<void> => {
    sent.push({ path, ...(body as object) });
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  return { sent, tell };
}

/** Lets everything that is ready go on, then time. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let k = 0; k < 5; k++) await Promise.resolve();
  clock.advance(ms);
  for (let k = 0; k < 5; k++) await Promise.resolve();
}

describe('a command', () => {
  it('is sent again under the same id until somebody answers', async () => {
    const clock = new FakeClock();
    const line = lineOf(noAnswer, new RequestError('unexpected', 502, 'restarting'));
    const again: number[] = [];
    const done = new CommandSender(clock, line, () => 1_000.4).send('/api/x', { commandId: 'c1' }, () => again.push(1));
    await pass(clock, 400);
    await pass(clock, 1_000);
    await done;
    expect(line.sent).toEqual(Array.from({ length: 3 }, () => ({ path: '/api/x', commandId: 'c1', sentAtMs: 1_000 })));
    expect(again).toHaveLength(2);
  });

  it('that is refused is not sent again', async () => {
    const line = lineOf(new RequestError('unit-busy', 409, 'busy'));
    const done = new CommandSender(new FakeClock(), line, () => 0).send('/api/x', { commandId: 'c1' });
    await expect(done).rejects.toMatchObject({ code: 'unit-busy' });
    expect(line.sent).toHaveLength(1);
  });

  it('that nobody answers is given back', async () => {
    const clock = new FakeClock();
    const line = lineOf(noAnswer, noAnswer, noAnswer, noAnswer, noAnswer);
    const done = new CommandSender(clock, line, () => 0).send('/api/x', { commandId: 'c1' });
    const outcome = expect(done).rejects.toMatchObject({ code: 'no-connection' });
    for (const waitMs of [400, 1_000, 2_000, 4_000]) await pass(clock, waitMs);
    await outcome;
    expect(line.sent).toHaveLength(5);
  });
});
