import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { reasonOf, sleep, systemClock } from '#libs/base';
import { stampOfMeans } from '../camera-sim/stamp.ts';
import { launchBrowser } from '../scripts/e2e/browser.ts';
import { until } from '../scripts/e2e/until.ts';
import { measureLowLatencyHls } from './latency/ll-hls.ts';
import { percentileOf } from './latency/percentiles.ts';
import { SentFrames } from './latency/sent-frames.ts';
import { TilesPage, buildTilesPage } from './latency/tiles-page.ts';
import { startLatencyTown, type LatencyTown } from './latency/town.ts';
import { ProcessMeter } from './process-meter.ts';
import { findOnPath } from './relay/found.ts';
import { BenchRecorder, tableOf, writeIntoDocs } from './report.ts';
import { positive } from './whole-number.ts';

/**
 * From lens to glass: how old a picture is when Chromium displays it, and how long a tile takes to its first one. The frame
 * stamp in the pixels says which frame it is, the simulator says when it sent that frame, `requestVideoFrameCallback` says
 * when it was displayed; all on one machine, so on one clock.
 *
 *   npm run bench:latency -- [--tiles 16] [--seconds 120] [--rounds 1] [--docs]
 *                            [--only tiles,ll-hls,warm-start,cold-start] [--quick]
 */
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
const CONTENDER = 'atalaya';
/** Of 15 a second of each tile: enough for a p99, and a tenth of the cost of reading all. */
const SAMPLE_EVERY = 3;
const POLL_MS = 10_000;
/** Tiles have caught up, decoders are warm. */
const SETTLE_MS = 10_000;
/** Longer than a main stream is kept after its last reader: it is cold then. */
const LINGER_MS = 17_000;

const MAIN_GOP_MS = 2_000;

/** Cases that share one page of tiles. */
const TILES_CASES = ['tiles', 'warm-start', 'cold-start'];

interface Plan {
  readonly tiles: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly starts: number;
  readonly settleMs: number;
  readonly cases: readonly string[];
  readonly report: string;
  readonly intoDocs: boolean;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      tiles: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      docs: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    tiles: positive(values.tiles ?? (quick ? '4' : '16'), '--tiles'),
    seconds: positive(values.seconds ?? (quick ? '5' : '120'), '--seconds'),
    rounds: positive(values.rounds ?? '1', '--rounds'),
    starts: quick ? 6 : 100,
    settleMs: quick ? 3_000 : SETTLE_MS,
    cases: (values.only ?? 'tiles,ll-hls,warm-start,cold-start').split(','),
    // A short run must not overwrite the figures of a real one.
    report: quick ? 'latency-quick' : 'latency',
    intoDocs: values.docs,
  };
}

/** One page with every tile playing. */
async function playingPage(browser: Browser, town: LatencyTown): Promise<TilesPage> {
  const page = await TilesPage.open(browser);
  const tickets = Array.from({ length: town.cameraCount }, (_, camera) => town.ticket(camera, 'sub'));
  await page.start(town.tilesUrl, tickets, SAMPLE_EVERY);
  await until('every tile to display pictures', 60_000, async () => (await page.counts()).every((count) => count > 15));
  return page;
}

/** Latencies of the pictures displayed while `seconds` pass. */
async function displayedLatencies(plan: Plan, town: LatencyTown, page: TilesPage): Promise<number[]> {
  const sent = Array.from({ length: town.cameraCount }, () => new SentFrames());
  await page.take();
  const samples: Awaited<ReturnType<TilesPage['take']>> = [];
  const untilMs = systemClock.monotonicMs() + plan.seconds * 1_000;
  for (let leftMs = plan.seconds * 1_000; leftMs > 0; leftMs = untilMs - systemClock.monotonicMs()) {
    await sleep(systemClock, Math.min(POLL_MS, leftMs));
    samples.push(...(await page.take()));
    for (const [camera, frames] of sent.entries()) frames.add(await town.sent(camera));
  }
  const latencies = samples.map(([tile, displayedAtMs, means]) => {
    const stamp = stampOfMeans(means);
    return stamp && sent[tile]!.latencyMs(stamp.frame, displayedAtMs);
  });
  const known = latencies.filter((latency) => latency !== undefined);
  if (known.length < samples.length * 0.99 || known.length === 0)
    throw new Error(`${known.length} of ${samples.length} displayed pictures have a readable stamp`);
  return known;
}

async function measureTiles(plan: Plan, town: LatencyTown, page: TilesPage, into: BenchRecorder): Promise<void> {
  await sleep(systemClock, plan.settleMs);
  const meter = new ProcessMeter([town.relayPid], systemClock);
  await meter.begin();
  const before = await page.counts();
  const beganMs = systemClock.monotonicMs();
  const latencies = await displayedLatencies(plan, town, page);
  const tookS = (systemClock.monotonicMs() - beganMs) / 1_000;
  const counts = await page.counts();
  const name = `tiles-${plan.tiles}`;
  addPercentiles(into, name, latencies);
  const rates = counts.map((count, tile) => (count - before[tile]!) / tookS);
  into.add(name, CONTENDER, 'slowest_tile_fps', '1/s', Math.min(...rates));
  into.add(name, CONTENDER, 'samples', '', latencies.length);
  into.add(name, CONTENDER, 'relay_cpu_percent', '%', (await meter.end()).cpuPercent);
}

/** One camera of the town through hls.js, with no tile beside it. */
async function measureHls(plan: Plan, town: LatencyTown, browser: Browser, into: BenchRecorder): Promise<void> {
  const [playlistUrl, sentUrl] = [town.playlistUrl(0), town.sentUrl(0)];
  const { seconds, settleMs } = plan;
  const figures = await measureLowLatencyHls({ browser, playlistUrl, sentUrl, settleMs, seconds });
  addPercentiles(into, 'll-hls', figures.latenciesMs);
  into.add('ll-hls', CONTENDER, 'waits', '', figures.waits);
  into.add('ll-hls', CONTENDER, 'dropped_frames', '', figures.droppedFrames);
  into.add('ll-hls', CONTENDER, 'samples', '', figures.latenciesMs.length);
}

/** A tile of a stream that the relay pulls anyway, on a page whose other tiles go on playing. */
async function measureWarm(plan: Plan, town: LatencyTown, page: TilesPage, into: BenchRecorder): Promise<void> {
  const times: number[] = [];
  for (let start = 0; start < plan.starts; start++) {
    const tile = start % town.cameraCount;
    await page.closeTile(tile);
    // At any moment between two key frames, not always the same one.
    await sleep(systemClock, 150 + ((start * 137) % 1_000));
    times.push(await page.reopen(tile, town.ticket(tile, 'sub')));
  }
  addPercentiles(into, 'warm-start', times);
}

/** A main stream that nobody watched: connected to on demand. */
async function measureCold(plan: Plan, town: LatencyTown, page: TilesPage, into: BenchRecorder): Promise<void> {
  const times: number[] = [];
  const cold = Math.min(plan.starts, town.cameraCount * (plan.report === 'latency' ? 3 : 1));
  for (let start = 0; start < cold; start++) {
    const tile = start % town.cameraCount;
    if (start > 0 && tile === 0) await sleep(systemClock, LINGER_MS);
    // Cameras send their key frames one after another: without this each would just be about to.
    await sleep(systemClock, (start * 797) % MAIN_GOP_MS);
    times.push(await page.reopen(tile, town.ticket(tile, 'main')));
    await page.reopen(tile, town.ticket(tile, 'sub'));
  }
  addPercentiles(into, 'cold-start', times);
}

function addPercentiles(into: BenchRecorder, name: string, values: readonly number[]): void {
  for (const percent of [50, 95, 99]) {
    into.add(name, CONTENDER, `p${percent}_ms`, 'ms', percentileOf(values, percent / 100));
  }
}

async function measureRound(plan: Plan, town: LatencyTown, browser: Browser, into: BenchRecorder): Promise<void> {
  if (plan.cases.includes('ll-hls')) await measureHls(plan, town, browser, into);
  if (!plan.cases.some((name) => TILES_CASES.includes(name))) return;
  const page = await playingPage(browser, town);
  if (plan.cases.includes('tiles')) await measureTiles(plan, town, page, into);
  if (plan.cases.includes('warm-start')) await measureWarm(plan, town, page, into);
  if (plan.cases.includes('cold-start')) await measureCold(plan, town, page, into);
  await page.close();
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const recorder = new BenchRecorder(plan.report, systemClock.nowMs());
  await buildTilesPage();
  const town = await startLatencyTown(plan.tiles);
  try {
    const browser = await launchBrowser();
    try {
      for (let round = 1; round <= plan.rounds; round++) {
        console.log(`round ${round} of ${plan.rounds}: ${plan.tiles} tiles`);
        await measureRound(plan, town, browser, recorder);
        if (round < plan.rounds) await sleep(systemClock, LINGER_MS);
      }
    } finally {
      await browser.close();
    }
  } finally {
    await town.stop();
  }
  for (const name of ['go2rtc', 'mediamtx']) {
    if (!(await findOnPath(name))) recorder.leaveOut('ll-hls', name, 'not found on this machine');
  }
  const { file, report } = await recorder.write(OUT_FOLDER);
  console.log(`${tableOf(report)}\n\n${file}`);
  if (plan.intoDocs) await writeIntoDocs('bench:latency', tableOf(report));
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
