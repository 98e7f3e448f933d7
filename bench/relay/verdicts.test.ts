import { describe, expect, it } from '@jest/globals';
import type { BenchRow } from '../report.ts';
import { verdictsOf } from './verdicts.ts';

function row(name: string, contender: string, metric: string, median: number): BenchRow {
  return { case: name, contender, metric, unit: '', median, min: median, max: median, n: 1 };
}

describe('verdictsOf', () => {
  it('says by how much each limit is kept or missed', () => {
    const rows = [
      row('cameras-100', 'floor', 'cpu_percent', 4),
      row('cameras-100', 'atalaya', 'cpu_percent', 7),
      row('cameras-100', 'ffmpeg', 'cpu_percent', 50),
      row('cameras-100', 'atalaya', 'memory_mb', 300),
      row('cameras-100', 'atalaya', 'window_mb', 200),
      row('cameras-100', 'atalaya', 'lost_frames', 0),
    ];
    expect(verdictsOf(rows)).toEqual([
      'cameras-100: CPU 1.75 x floor, limit 1.5: missed by 0.25',
      'cameras-100: CPU 0.14 x ffmpeg, limit 0.2: kept by 0.06',
      'cameras-100: memory 300 MB, limit 80 + 1.2 x 200 = 320 MB: kept by 20 MB',
      'cameras-100: every frame that was sent arrived',
    ]);
  });

  it('says nothing of who was not measured', () => {
    expect(verdictsOf([row('cameras-50', 'floor', 'cpu_percent', 2)])).toEqual([]);
  });
});
