import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf, sleep, systemClock, uuidV7 } from '#libs/base';
import { SimCamera } from '../camera-sim/model.ts';
import { streamPathOf } from '../camera-sim/stream-path.ts';
import { townOf } from '../camera-sim/town.ts';
import { freePorts } from '../scripts/e2e/free-ports.ts';
import { until } from '../scripts/e2e/until.ts';
import { ProcessMeter } from './process-meter.ts';
import { atalaya } from './relay/atalaya.ts';
import { BenchChild } from './relay/child.ts';
import type { BenchCamera, Contender } from './relay/contender.ts';
import { floor } from './relay/floor.ts';
import { ffmpeg } from './relay/ffmpeg.ts';
import { BenchRecorder, tableOf } from './report.ts';
import { positive } from './whole-number.ts';

/**
 * What it costs to serve HLS for many cameras: each contender in turn, on the same streams of the same simulator, several
 * rounds. CPU in percent of one core; memory as proportional set size, with the window where that lies in files of a
 * memory file system. Nobody watches while it is measured.
 *
 *   npm run bench:relay -- [--cameras 50,100] [--rounds 3] [--seconds 20] [--only atalaya,ffmpeg] [--quick]
 */
const CONTENDERS: readonly Contender[] = [floor, atalaya, ffmpeg];
const SIM_MAIN = path.resolve(import.meta.dirname, '..', 'camera-sim', 'main.js');
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
/** Playlists hold their full window after this; before, memory would be measured half empty. */
const SETTLE_MS = 8_000;

interface Plan {
  readonly cameras: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly settleMs: number;
  readonly contenders: readonly Contender[];
  readonly report: string;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      cameras: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  return {
    cameras: (values.cameras ?? (values.quick ? '4' : '50')).split(',').map((text) => positive(text, '--cameras')),
    rounds: positive(values.rounds ?? (values.quick ? '1' : '3'), '--rounds'),
    seconds: positive(values.seconds ?? (values.quick ? '3' : '20'), '--seconds'),
    settleMs: values.quick ? 1_000 : SETTLE_MS,
    contenders: CONTENDERS.filter((contender) => !only || only.includes(contender.name)),
    // A short run must not overwrite the figures of a real one.
    report: values.quick ? 'relay-quick' : 'relay',
  };
}

async function startSimulator(count: number): Promise<{ child: BenchChild; cameras: BenchCamera[] }> {
  const [port = 0] = await freePorts(1);
  const child = new BenchChild(process.execPath, [SIM_MAIN], {
    ATALAYA_SIM_PORT: String(port),
    ATALAYA_SIM_CAMERAS: String(count),
  });
  await until('the simulator to be up', 30_000, async () => {
    if (!child.isRunning) throw new Error(`the simulator ended: ${child.lastWords}`);
    return (await fetch(`http://127.0.0.1:${port}/health/live`)).ok;
  });
  const cameras = townOf(count).map((spec) => {
    const camera = new SimCamera(spec);
    const uri = `rtsp://${spec.host}:${spec.rtspPort}${streamPathOf(camera, spec.main.token)}`;
    return { id: uuidV7(systemClock.nowMs()), spec, uri };
  });
  return { child, cameras };
}

async function measure(plan: Plan, contender: Contender, cameras: readonly BenchCamera[], into: BenchRecorder) {
  const folder = await mkdtemp(path.join(await memoryFolder(), 'atalaya-bench-'));
  const running = await contender.start(cameras, folder);
  const caseName = `cameras-${cameras.length}`;
  try {
    await until(`${contender.name} to serve ${cameras.length} cameras`, 60_000 + cameras.length * 200, async () => {
      const serving = await running.serving();
      if (serving < cameras.length) throw new Error(`${serving} of ${cameras.length} are served`);
      return true;
    });
    await holdOn(plan.settleMs);
    const meter = new ProcessMeter(running.pids, systemClock);
    await meter.begin();
    await holdOn(plan.seconds * 1_000);
    const { cpuPercent, memoryMb } = await meter.end();
    const serving = await running.serving();
    if (serving < cameras.length)
      throw new Error(`${contender.name} served ${serving} of ${cameras.length} at the end`);
    into.add(caseName, contender.name, 'cpu_percent', '%', cpuPercent);
    const windowMb = (await running.windowBytes()) / 2 ** 20;
    into.add(caseName, contender.name, 'memory_mb', 'MB', memoryMb + (running.windowIsBeside ? windowMb : 0));
    into.add(caseName, contender.name, 'window_mb', 'MB', windowMb);
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Contenders that write their window to files do it in memory where the system has such a folder. */
async function memoryFolder(): Promise<string> {
  const shared = '/dev/shm';
  return access(shared).then(
    () => shared,
    () => tmpdir(),
  );
}

/** Waits with a timer that keeps the process alive. */
async function holdOn(delayMs: number): Promise<void> {
  const held = setInterval(() => {}, 1_000);
  await sleep(systemClock, delayMs);
  clearInterval(held);
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const recorder = new BenchRecorder(plan.report, systemClock.nowMs());
  const ready: Contender[] = [];
  for (const contender of plan.contenders) {
    const missing = await contender.missing();
    if (missing === undefined) ready.push(contender);
    else console.log(`${contender.name} takes no part: ${missing}`);
  }
  for (const count of plan.cameras) {
    const simulator = await startSimulator(count);
    try {
      for (let round = 1; round <= plan.rounds; round++) {
        for (const contender of ready) {
          console.log(`cameras-${count}: round ${round} of ${plan.rounds}, ${contender.name}`);
          await measure(plan, contender, simulator.cameras, recorder);
        }
      }
    } finally {
      await simulator.child.stop();
    }
  }
  const file = await recorder.write(OUT_FOLDER);
  console.log(`${tableOf(recorder.rows())}\n\n${file}`);
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
