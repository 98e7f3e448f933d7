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
    await run('relay.js');
    const report = await reportOf('relay-quick');
    const rows = report.rows.map(({ case: name, contender, metric }) => `${name} ${contender} ${metric}`);
    expect(rows).toEqual(
      ['floor', 'atalaya', 'ffmpeg'].flatMap((contender) =>
        [
          'cpu_percent',
          'memory_mb',
          'window_mb',
          'simulator_cpu_percent',
          ...(contender === 'atalaya' ? ['lost_frames'] : []),
        ].map((metric) => `cameras-4 ${contender} ${metric}`),
      ),
    );
    const medianOf = (contender: string, metric: string) =>
      report.rows.find((row) => row.contender === contender && row.metric === metric)?.median;
    expect(medianOf('atalaya', 'window_mb')).toBeGreaterThan(0);
    expect(medianOf('ffmpeg', 'window_mb')).toBeGreaterThan(0);
    expect(medianOf('atalaya', 'lost_frames')).toBe(0);
    expect(Date.parse(report.startedAt)).not.toBeNaN();
  }, 120_000);

  it('measures the hands beside the plainest way to do the same', async () => {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist', 'bench', 'dispatch.js'), '--quick']);
    const report = JSON.parse(
      await readFile(path.join(ROOT, 'bench', 'out', 'dispatch-quick.json'), 'utf8'),
    ) as BenchReport;
    // Over so short a time a server that only broadcasts may cost no tick of the clock.
    const judged = report.rows.filter(({ metric }) => metric !== 'cpu_percent' && metric !== 'p50_ms');
    const rows = judged.map(({ case: name, contender, metric }) => `${name} ${contender} ${metric}`);
    expect(rows).toEqual(
      [
        'ledger-append per_second',
        'incident-create p99_ms',
        'recommend-500 p95_ms',
        'positions-50 p99_ms',
        'reconnect-10 p99_ms',
      ].flatMap((row) => {
        const [name, metric] = row.split(' ');
        return ['atalaya', 'floor'].map((contender) => `${name} ${contender} ${metric}`);
      }),
    );
    for (const row of judged) expect(row.median).toBeGreaterThan(0);
  }, 120_000);

  it('watches a wall in a browser', async () => {
    const { stdout } = await run('wall.js');
    expect(stdout).toContain('- connections 1, limit 1: kept');
    const shown = (await reportOf('wall-quick')).rows.find(({ metric }) => metric === 'dropped_percent')!.median;
    expect(shown).toBeLessThan(100);
  }, 60_000);

  it('puts cameras through faults', async () => {
    const { stdout } = await run('soak.js');
    expect(stdout).toContain('- untrue_states 0, limit 0: kept');
    expect(stdout).toContain('- disturbed_cameras 0, limit 0: kept');
  }, 60_000);

  it('measures what moves on the map beside markers of Leaflet', async () => {
    await run('map.js');
    const report = await reportOf('map-quick');
    const rows = report.rows.filter((row) => row.case === 'map-200');
    expect(rows.map(({ contender, metric }) => `${contender} ${metric}`).sort()).toEqual(
      ['atalaya', 'leaflet-markers'].flatMap((name) => ['p50_ms', 'p95_ms', 'task_ms'].map((of) => `${name} ${of}`)),
    );
    for (const row of rows) expect(row.max).toBeGreaterThan(0);
  }, 120_000);
});

function run(script: string) {
  return promisify(execFile)(process.execPath, [path.join(ROOT, 'dist', 'bench', script), '--quick']);
}

async function reportOf(name: string): Promise<BenchReport> {
  return JSON.parse(await readFile(path.join(ROOT, 'bench', 'out', `${name}.json`), 'utf8')) as BenchReport;
}
