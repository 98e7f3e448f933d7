import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { BenchReport } from './report.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Benchmarks that nobody runs rot: each has a short form, and here it runs. Its figures mean nothing and are not judged. */
describe('the short form of the benchmarks', () => {
  it('measures the relay beside ffmpeg', async () => {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist', 'bench', 'relay.js'), '--quick']);
    const report = JSON.parse(
      await readFile(path.join(ROOT, 'bench', 'out', 'relay-quick.json'), 'utf8'),
    ) as BenchReport;
    const rows = report.rows.map(({ case: name, contender, metric }) => `${name} ${contender} ${metric}`);
    expect(rows).toEqual(
      ['atalaya', 'ffmpeg'].flatMap((contender) =>
        ['cpu_percent', 'memory_mb', 'window_mb'].map((metric) => `cameras-4 ${contender} ${metric}`),
      ),
    );
    for (const row of report.rows) expect(row.median).toBeGreaterThan(0);
    expect(Date.parse(report.startedAt)).not.toBeNaN();
  }, 120_000);

  it('measures the ledger beside the plainest way to write one', async () => {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist', 'bench', 'dispatch.js'), '--quick']);
    const report = JSON.parse(
      await readFile(path.join(ROOT, 'bench', 'out', 'dispatch-quick.json'), 'utf8'),
    ) as BenchReport;
    const rows = report.rows.filter((row) => row.case === 'ledger-append');
    expect(rows.map(({ contender, metric }) => `${contender} ${metric}`)).toEqual([
      'atalaya per_second',
      'floor per_second',
    ]);
    for (const row of rows) expect(row.median).toBeGreaterThan(0);
  }, 120_000);

  it('measures what moves on the map beside markers of Leaflet', async () => {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist', 'bench', 'map.js'), '--quick']);
    const report = JSON.parse(await readFile(path.join(ROOT, 'bench', 'out', 'map-quick.json'), 'utf8')) as BenchReport;
    const rows = report.rows.filter((row) => row.case === 'map-200');
    expect(rows.map(({ contender, metric }) => `${contender} ${metric}`).sort()).toEqual(
      ['atalaya', 'leaflet-markers'].flatMap((name) => ['p50_ms', 'p95_ms', 'task_ms'].map((of) => `${name} ${of}`)),
    );
    for (const row of rows) expect(row.max).toBeGreaterThan(0);
  }, 120_000);
});
