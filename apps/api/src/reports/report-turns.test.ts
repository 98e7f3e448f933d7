import { describe, expect, it } from '@jest/globals';
import { RefusalError } from '#libs/base';
import { ReportTurns } from './report-turns.ts';

describe('turns of reports', () => {
  it('are one at a time per account, two in all, and bounded', async () => {
    const turns = new ReportTurns();
    const running: string[] = [];
    const done: (() => void)[] = [];
    const ask = (account: string, name: string): Promise<void> =>
      turns.run(account, () => {
        running.push(name);
        return new Promise((resolve) => done.push(resolve));
      });
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const asked = [
      ask('ana', 'a1'),
      ask('ana', 'a2'),
      ask('beto', 'b1'),
      ask('caro', 'c1'),
      ask('ana', 'a3'),
      ask('ana', 'a4'),
    ];
    await expect(ask('ana', 'a5')).rejects.toMatchObject({ refusal: { code: 'report-busy' } } as Partial<RefusalError>);
    await settled();
    expect(running).toEqual(['a1', 'b1']);
    for (const expected of [
      ['a1', 'b1', 'a2'],
      ['a1', 'b1', 'a2', 'c1'],
      ['a1', 'b1', 'a2', 'c1', 'a3'],
    ]) {
      done.shift()!();
      await settled();
      expect(running).toEqual(expected);
    }
    for (let left = 3; left > 0; left--) {
      done.shift()!();
      await settled();
    }
    await Promise.all(asked);
    expect(running).toEqual(['a1', 'b1', 'a2', 'c1', 'a3', 'a4']);
  });

  it('go on after a report that failed', async () => {
    const turns = new ReportTurns();
    await expect(turns.run('ana', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(turns.run('ana', () => Promise.resolve(7))).resolves.toBe(7);
  });
});
