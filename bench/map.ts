import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { build, preview } from 'vite';
import { reasonOf, systemClock } from '#libs/base';
import { launchBrowser } from '../scripts/e2e/browser.ts';
import { percentileOf } from './latency/percentiles.ts';
import { BenchRecorder, tableOf } from './report.ts';
import { positive } from './whole-number.ts';

/**
 * What 2,000 moving units and 500 incidents cost the main thread of Chromium per frame, by the console's own layer and as
 * Leaflet's own markers moved to the same places. Without a graphics processor: a worst case.
 *
 *   npm run bench:map -- [--units 2000] [--incidents 500] [--frames 300] [--rounds 3] [--quick]
 */
const ROOT = path.resolve(import.meta.dirname, '..', '..');
const OUT_FOLDER = path.join(ROOT, 'bench', 'out');
const SOURCE = path.join(ROOT, 'apps', 'console', 'measure', 'map');
const BUILT = path.join(ROOT, 'dist', 'bench', 'map-page');
const CONTENDERS = ['atalaya', 'leaflet-markers'] as const;

interface Plan {
  readonly units: number;
  readonly incidents: number;
  readonly frames: number;
  readonly rounds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      units: { type: 'string' },
      incidents: { type: 'string' },
      frames: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const plan: Plan = {
    units: positive(values.units ?? (quick ? '200' : '2000'), '--units'),
    incidents: positive(values.incidents ?? (quick ? '50' : '500'), '--incidents'),
    frames: positive(values.frames ?? (quick ? '20' : '300'), '--frames'),
    rounds: positive(values.rounds ?? (quick ? '1' : '3'), '--rounds'),
  };
  const recorder = new BenchRecorder(quick ? 'map-quick' : 'map', systemClock.nowMs());
  await measureMap(plan, recorder);
  const { file, report } = await recorder.write(OUT_FOLDER);
  console.log(`${tableOf(report)}\n\n${file}`);
}

async function measureMap(plan: Plan, into: BenchRecorder): Promise<void> {
  await build({
    root: SOURCE,
    base: '/',
    configFile: false,
    logLevel: 'error',
    resolve: { alias: [{ find: /^#libs\/([a-z0-9-]+)$/, replacement: path.join(ROOT, 'libs', '$1', 'index.ts') }] },
    build: { outDir: BUILT, emptyOutDir: true, target: 'es2022' },
  });
  const server = await preview({
    root: SOURCE,
    configFile: false,
    logLevel: 'error',
    build: { outDir: BUILT },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const browser = await launchBrowser();
  try {
    const url = server.resolvedUrls?.local[0];
    if (url === undefined) throw new Error('the page is not served');
    for (let round = 0; round < plan.rounds; round++) await measureRound(plan, browser, url, into);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureRound(plan: Plan, browser: Browser, url: string, into: BenchRecorder): Promise<void> {
  for (const contender of CONTENDERS) {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(url);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const taskMs = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
    };
    const before = await taskMs();
    const call = `measureMap(${JSON.stringify({ contender, ...plan })})`;
    // A string: what runs in the page is not of this program's types.
    const works = (await page.evaluate(call)) as number[];
    const name = `map-${plan.units}`;
    into.add(name, contender, 'p95_ms', 'ms', percentileOf(works, 0.95));
    into.add(name, contender, 'p50_ms', 'ms', percentileOf(works, 0.5));
    // All that the main thread did, painting included, over warm-up and measurement: a mean, because it has no frames.
    into.add(name, contender, 'task_ms', 'ms', ((await taskMs()) - before) / (plan.frames * 2));
    await page.close();
  }
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
