import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf, sleep, systemClock } from '#libs/base';
import { until } from '../scripts/e2e/until.ts';
import { ProcessMeter } from './process-meter.ts';
import { atalaya } from './relay/atalaya.ts';
import type { Contender, Running } from './relay/contender.ts';
import { ffmpeg } from './relay/ffmpeg.ts';
import { floor } from './relay/floor.ts';
import { go2rtc } from './relay/go2rtc.ts';
import { mediamtx } from './relay/mediamtx.ts';
import { BenchSimulator } from './relay/simulator.ts';
import { verdictsOf } from './relay/verdicts.ts';
import { BenchRecorder, tableOf, writeIntoDocs } from './report.ts';
import { positive } from './whole-number.ts';

/**
 * What it costs to serve HLS for many cameras: each contender in turn, on the same streams of the same simulator, several
 * rounds. CPU in percent of one core; memory as proportional set size, with the window where that lies in files of a
 * memory file system. Nobody watches while it is measured. At the end the cameras stop, and what each sent is compared
 * to what arrived, frame by frame.
 *
 *   npm run bench:relay -- [--cameras 50,100,300,1000] [--rounds 3] [--seconds 20] [--only floor,atalaya] [--docs] [--quick]
 */
const CONTENDERS: readonly Contender[] = [floor, atalaya, ffmpeg, go2rtc, mediamtx];
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
/**
 * Before this, memory would be measured with half a window and code that is still being compiled: at 100 cameras the relay
 * takes 5 % of a core at first and less than 3 % after a minute.
 */
const SETTLE_MS = 45_000;
/** What was on its way when the cameras stopped has arrived. */
const IN_FLIGHT_MS = 1_500;

interface Plan {
  readonly cameras: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly settleMs: number;
  readonly contenders: readonly Contender[];
  readonly report: string;
  readonly intoDocs: boolean;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      cameras: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      docs: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  const cameras = values.cameras ?? (values.quick ? '4' : '50,100,300,1000');
  return {
    cameras: cameras.split(',').map((text) => positive(text, '--cameras')),
    rounds: positive(values.rounds ?? (values.quick ? '1' : '3'), '--rounds'),
    seconds: positive(values.seconds ?? (values.quick ? '3' : '20'), '--seconds'),
    settleMs: values.quick ? 1_000 : SETTLE_MS,
    contenders: CONTENDERS.filter((contender) => !only || only.includes(contender.name)),
    // A short run must not overwrite the figures of a real one.
    report: values.quick ? 'relay-quick' : 'relay',
    intoDocs: values.docs,
  };
}

async function measure(plan: Plan, contender: Contender, simulator: BenchSimulator, into: BenchRecorder) {
  const { cameras } = simulator;
  const folder = await mkdtemp(path.join(await memoryFolder(), 'atalaya-bench-'));
  const running = await contender.start(cameras, folder);
  const caseName = `cameras-${cameras.length}`;
  const add = (metric: string, unit: string, value: number): void =>
    into.add(caseName, contender.name, metric, unit, value);
  try {
    await until(`${contender.name} to serve ${cameras.length} cameras`, 60_000 + cameras.length * 200, async () => {
      const serving = await running.serving();
      if (serving < cameras.length) throw new Error(`${serving} of ${cameras.length} are served`);
      return true;
    });
    await holdOn(plan.settleMs);
    const meter = new ProcessMeter(running.pids, systemClock);
    const simulatorMeter = new ProcessMeter([simulator.pid], systemClock);
    await Promise.all([meter.begin(), simulatorMeter.begin()]);
    await holdOn(plan.seconds * 1_000);
    const [{ cpuPercent, memoryMb }, { cpuPercent: simulatorCpu }] = await Promise.all([
      meter.end(),
      simulatorMeter.end(),
    ]);
    const serving = await running.serving();
    if (serving < cameras.length)
      throw new Error(`${contender.name} served ${serving} of ${cameras.length} at the end`);
    const windowMb = (await running.windowBytes()) / 2 ** 20;
    add('cpu_percent', '%', cpuPercent);
    add('memory_mb', 'MB', memoryMb + (running.windowIsBeside ? windowMb : 0));
    add('window_mb', 'MB', windowMb);
    add('simulator_cpu_percent', '%', simulatorCpu);
    if (running.framesReceived) add('lost_frames', '', await lostFrames(simulator, running));
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Frames that the cameras sent since they were connected to and that did not arrive, or that a camera held back because
 * its reader was too slow. A camera that was connected to anew, or is away, counts as one that lost everything.
 */
async function lostFrames(simulator: BenchSimulator, running: Running): Promise<number> {
  await simulator.freeze();
  try {
    await holdOn(IN_FLIGHT_MS);
    const sent = await simulator.sentToReaders();
    const received = await running.framesReceived!();
    return simulator.cameras.reduce((lost, { spec }) => {
      const { frames = 0, droppedFrames = 0 } = sent.get(spec.id) ?? {};
      const missing = frames - (received.get(spec.id) ?? 0);
      return lost + Math.abs(missing) + droppedFrames + (frames === 0 ? 1 : 0);
    }, 0);
  } finally {
    await simulator.thaw();
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

/** Those who can take part with so many cameras; why the others cannot is a row of the report. */
async function readyFor(plan: Plan, count: number, recorder: BenchRecorder): Promise<Contender[]> {
  const ready: Contender[] = [];
  for (const contender of plan.contenders) {
    const reason = await contender.missing(count);
    if (reason === undefined) ready.push(contender);
    else recorder.leaveOut(`cameras-${count}`, contender.name, reason);
  }
  return ready;
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const recorder = new BenchRecorder(plan.report, systemClock.nowMs());
  for (const count of plan.cameras) {
    const ready = await readyFor(plan, count, recorder);
    const simulator = await BenchSimulator.start(count);
    try {
      for (let round = 1; round <= plan.rounds; round++) {
        for (const contender of ready) {
          console.log(`cameras-${count}: round ${round} of ${plan.rounds}, ${contender.name}`);
          await measure(plan, contender, simulator, recorder);
        }
      }
    } finally {
      await simulator.stop();
    }
  }
  const { file, report } = await recorder.write(OUT_FOLDER);
  const verdicts = verdictsOf(report.rows).map((line) => `- ${line}`);
  const text = [tableOf(report), '', ...verdicts].join('\n');
  console.log(`${text}\n\n${file}`);
  if (plan.intoDocs) await writeIntoDocs('bench:relay', text);
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
