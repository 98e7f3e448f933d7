import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { reasonOf, sleep, systemClock } from '#libs/base';
import { launchBrowser } from '../scripts/e2e/browser.ts';
import { until } from '../scripts/e2e/until.ts';
import { TilesPage, buildTilesPage, type Steadiness } from './latency/tiles-page.ts';
import { startLatencyTown, type LatencyTown } from './latency/town.ts';
import { ProcessMeter } from './process-meter.ts';
import { BenchRecorder, tableOf, writeIntoDocs } from './report.ts';
import { PageMemory, growthPercent, type MemorySample } from './wall/page-memory.ts';
import { positive } from './whole-number.ts';

/**
 * A wall that is left on: sub-stream tiles in real Chromium, all on one connection. Told are stalls, pictures that were sent
 * and not shown, how the page's memory grows, and how many connections it needed. Pictures sent are those of the simulator,
 * pictures shown are counted by the browser's compositor.
 *
 *   npm run bench:wall -- [--tiles 25] [--minutes 10 | --hours 24] [--docs] [--quick]
 */
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
const CONTENDER = 'atalaya';
const LOOKS = 60;
const MAX_LOOK_MS = 60_000;
/** Decoders are warm, buffers are full, the page's code is compiled. */
const WARM_UP_MS = 30_000;
const FIRST_PICTURES_MS = 90_000;

const LIMITS = { stalls_over_1s: 0, dropped_percent: 1, page_memory_growth_percent: 5, connections: 1 } as const;

interface Plan {
  readonly tiles: number;
  readonly runMs: number;
  readonly warmUpMs: number;
  readonly report: string;
  readonly intoDocs: boolean;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      tiles: { type: 'string' },
      minutes: { type: 'string' },
      hours: { type: 'string' },
      docs: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const minutes = values.hours ? 60 * positive(values.hours, '--hours') : positive(values.minutes ?? '10', '--minutes');
  return {
    tiles: positive(values.tiles ?? (quick ? '4' : '25'), '--tiles'),
    runMs: quick ? 4_000 : minutes * 60_000,
    warmUpMs: quick ? 1_000 : WARM_UP_MS,
    // A short run must not overwrite the figures of a real one.
    report: quick ? 'wall-quick' : 'wall',
    intoDocs: values.docs,
  };
}

interface Watched {
  readonly memory: readonly MemorySample[];
  /** Each tile's worst, over the whole run. */
  readonly stalls: number;
  readonly longestGapMs: number;
  /** Share of the pictures sent that were not shown: of all tiles together, and of the worst. */
  readonly droppedShare: number;
  readonly worstDroppedShare: number;
}

/** Looks at the page from time to time until the run is over. */
async function watch(plan: Plan, town: LatencyTown, page: TilesPage, memory: PageMemory): Promise<Watched> {
  const samples = [await memory.sample()];
  const before = await countsOf(town, page);
  const looks: (readonly Steadiness[])[] = [];
  const lookMs = Math.min(MAX_LOOK_MS, plan.runMs / LOOKS);
  const endMs = systemClock.monotonicMs() + plan.runMs;
  for (let leftMs = plan.runMs; leftMs > 0; leftMs = endMs - systemClock.monotonicMs()) {
    await sleep(systemClock, Math.min(lookMs, leftMs));
    looks.push(await page.steadiness());
    samples.push(await memory.sample());
  }
  const after = await countsOf(town, page);
  const shown = after.shown.map((count, tile) => count - before.shown[tile]!);
  const sent = after.sent.map((count, tile) => count - before.sent[tile]!);
  const dropped = sent.map((count, tile) => Math.max(0, count - shown[tile]!) / count);
  const all = looks.flat();
  return {
    memory: samples,
    stalls: all.reduce((sum, { stalls }) => sum + stalls, 0),
    longestGapMs: Math.max(...all.map(({ longestGapMs }) => longestGapMs)),
    droppedShare: Math.max(0, 1 - sumOf(shown) / sumOf(sent)),
    worstDroppedShare: Math.max(...dropped),
  };
}

async function countsOf(town: LatencyTown, page: TilesPage) {
  const [sent, steadiness] = await Promise.all([town.sentCounts(), page.steadiness()]);
  return { sent, shown: steadiness.map(({ presented }) => presented) };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

async function measure(plan: Plan, town: LatencyTown, browser: Browser, into: BenchRecorder): Promise<void> {
  const page = await TilesPage.open(browser);
  const tickets = Array.from({ length: town.cameraCount }, (_, camera) => town.ticket(camera, 'sub'));
  // Reading pixels costs what a real wall does not spend: no picture's stamp is read.
  await page.start(town.tilesUrl, tickets, Number.MAX_SAFE_INTEGER);
  await until('every tile to display pictures', FIRST_PICTURES_MS, async () =>
    (await page.counts()).every((count) => count > 15),
  );
  await sleep(systemClock, plan.warmUpMs);
  await page.steadiness();
  const meter = new ProcessMeter([town.relayPid], systemClock);
  await meter.begin();
  const watched = await watch(plan, town, page, await PageMemory.of(browser, page.page));
  const relay = await meter.end();
  const add = (metric: string, unit: string, value: number): void =>
    into.add(`wall-${plan.tiles}`, CONTENDER, metric, unit, value);
  add('minutes', '', plan.runMs / 60_000);
  add('stalls_over_1s', '', watched.stalls);
  add('longest_gap_ms', 'ms', watched.longestGapMs);
  add('dropped_percent', '%', 100 * watched.droppedShare);
  add('worst_tile_dropped_percent', '%', 100 * watched.worstDroppedShare);
  add('page_memory_mb', 'MB', watched.memory.at(-1)!.rendererMb);
  add('page_memory_growth_percent', '%', growthPercent(watched.memory.map(({ rendererMb }) => rendererMb)));
  add('script_memory_growth_percent', '%', growthPercent(watched.memory.map(({ heapMb }) => heapMb)));
  add('connections', '', page.sockets);
  add('relay_cpu_percent', '%', relay.cpuPercent);
  await page.close();
}

/** What was asked for, and whether it was so. Told, never a failing test. */
function verdictsOf(recorder: BenchRecorder): string[] {
  return recorder.rows().flatMap(({ metric, median }) => {
    const limit = LIMITS[metric as keyof typeof LIMITS];
    return limit === undefined ? [] : [`- ${metric} ${median}, limit ${limit}: ${median <= limit ? 'kept' : 'missed'}`];
  });
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const recorder = new BenchRecorder(plan.report, systemClock.nowMs());
  await buildTilesPage();
  const town = await startLatencyTown(plan.tiles);
  try {
    const browser = await launchBrowser();
    try {
      await measure(plan, town, browser, recorder);
    } finally {
      await browser.close();
    }
  } finally {
    await town.stop();
  }
  const { file, report } = await recorder.write(OUT_FOLDER);
  const text = [tableOf(report), '', ...verdictsOf(recorder)].join('\n');
  console.log(`${text}\n\n${file}`);
  if (plan.intoDocs) await writeIntoDocs('bench:wall', text);
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
