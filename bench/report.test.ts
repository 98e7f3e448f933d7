import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BenchRecorder, summaryOf, tableOf, type BenchReport } from './report.ts';

describe('summaryOf', () => {
  it('takes the middle of an odd count and the mean of the two middles of an even one', () => {
    expect(summaryOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(summaryOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(() => summaryOf([])).toThrow(RangeError);
  });
});

describe('BenchRecorder', () => {
  it('keeps the cases of an earlier report that this run did not measure', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
    try {
      const first = new BenchRecorder('demo', 0);
      first.add('a', 'atalaya', 'cpu_percent', '%', 1);
      first.add('b', 'atalaya', 'cpu_percent', '%', 2);
      await first.write(folder);
      const second = new BenchRecorder('demo', 0);
      second.add('b', 'atalaya', 'cpu_percent', '%', 5);
      second.add('b', 'atalaya', 'cpu_percent', '%', 7);
      second.leaveOut('b', 'ffmpeg', 'not found on this machine');
      const { file } = await second.write(folder);
      const report = JSON.parse(await readFile(file, 'utf8')) as BenchReport;
      expect(report.rows.map((row) => [row.case, row.median, row.n])).toEqual([
        ['a', 1, 1],
        ['b', 6, 2],
      ]);
      expect(tableOf(report)).toContain('| b | ffmpeg | not measured: not found on this machine |');
      expect(tableOf(report)).toContain('| b | atalaya | cpu_percent | 6 % | 5–7 | 2 |');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
