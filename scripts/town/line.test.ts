import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger, type LogFields } from '#libs/base';
import { CentreRefusal } from '../demo-town/centre-client.ts';
import { Line } from './line.ts';

const refused = (status: number) => () => Promise.reject(new CentreRefusal('GET /x', status, 'code', 'reason'));
const down = () => Promise.reject(new Error('connect ECONNREFUSED'));
const fine = () => Promise.resolve('yes');

function lineOf() {
  const clock = new FakeClock();
  const said: string[] = [];
  const say = (_fields: LogFields, message: string): void => void said.push(message);
  return { clock, said, line: new Line(clock, { ...silentLogger, info: say, warn: say }) };
}

describe('Line', () => {
  it('lets everybody speak while the centre answers, refusals too', async () => {
    const { line, said } = lineOf();
    await expect(line.through(fine)).resolves.toBe('yes');
    for (const status of [400, 401, 403, 404, 409, 413])
      await expect(line.through(refused(status))).rejects.toThrow(String(status));
    expect([line.mayTry(), line.mayTry(), said]).toEqual([true, true, []]);
  });

  it('is silent when it does not, lets one try at a time, ever more seldom, and says both ends once', async () => {
    const { clock, line, said } = lineOf();
    await Promise.allSettled([line.through(down), line.through(down), line.through(refused(503))]);
    expect([line.mayTry(), said]).toEqual([false, ['the centre does not answer']]);
    let tries = 0;
    for (let second = 0; second < 600; second++) {
      await clock.advance(1_000);
      for (let asker = 0; asker < 2_000; asker++) {
        if (!line.mayTry()) continue;
        tries++;
        await line.through(down).catch(() => {});
      }
    }
    expect(tries).toBeGreaterThan(600 / 31);
    expect(tries).toBeLessThan(45);
    await clock.advance(31_000);
    expect(line.mayTry()).toBe(true);
    expect(line.mayTry()).toBe(false);
    await line.through(fine);
    expect([line.mayTry(), line.mayTry()]).toEqual([true, true]);
    expect(said).toEqual(['the centre does not answer', 'the centre answers again']);
  });

  it('says nothing of requests that the town cut off itself', async () => {
    const { line, said } = lineOf();
    const stopping = AbortSignal.abort();
    await expect(line.through(() => Promise.reject(stopping.reason as Error))).rejects.toThrow('aborted');
    expect([line.mayTry(), said]).toEqual([true, []]);
  });

  it('gives the try to another one when nothing was heard of it', async () => {
    const { clock, line } = lineOf();
    await line.through(down).catch(() => {});
    await clock.advance(2_000);
    expect([line.mayTry(), line.mayTry()]).toEqual([true, false]);
    await clock.advance(26_000);
    expect(line.mayTry()).toBe(true);
  });
});
