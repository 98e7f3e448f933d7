import path from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf, sleep, systemClock } from '#libs/base';
import { until } from '../scripts/e2e/until.ts';
import { ProcessMeter } from './process-meter.ts';
import { atalaya } from './relay/atalaya.ts';
import type { BenchCamera, Running } from './relay/contender.ts';
import { BenchSimulator } from './relay/simulator.ts';
import { BenchRecorder, tableOf } from './report.ts';
import { FAULTS, type SoakFault } from './soak/faults.ts';
import { growthPercent } from './wall/page-memory.ts';
import { SlowReader } from './soak/slow-reader.ts';
import { positive } from './whole-number.ts';
import { checkLive, type LiveReport } from '../scripts/playlist-check/live-check.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * Cameras for hours under faults: one camera at a time is unplugged, frozen, damaged, put behind a thin cable or sends
 * another picture size, or gets readers that do not read, and is let go again. The first camera is left alone: its playlist is
 * read all the time and held to the specification. Told are states that were not true within their time, cameras that a
 * fault of another one disturbed, broken rules of the playlist, and how the relay's memory grows.
 *
 *   npm run soak -- [--cameras 100] [--minutes 60] [--quick]
 */
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');
/** The window is full and code is compiled: memory is compared from here on. */
const WARM_UP_MS = 30_000;
/** A fault is told, and its end too, within this: three seconds without a frame or of a defect, five of none, and a look a second. */
const TOLD_MS = 15_000;
const LIMITS = { untrue_states: 0, disturbed_cameras: 0, playlist_violations: 0, memory_growth_percent: 5 } as const;

interface Plan {
  readonly cameras: number;
  readonly runMs: number;
  readonly warmUpMs: number;
  readonly faults: readonly SoakFault[];
  readonly report: string;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      cameras: { type: 'string' },
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    // One is left alone, and one suffers.
    cameras: Math.max(2, positive(values.cameras ?? (quick ? '8' : '100'), '--cameras')),
    runMs: quick ? 1 : positive(values.minutes ?? '60', '--minutes') * 60_000,
    warmUpMs: quick ? 0 : WARM_UP_MS,
    // The short form shows the two ends of a fault once: one that is told at once and one that is never told.
    faults: quick ? FAULTS.filter(({ name }) => name === 'unplug' || name === 'sps-change') : FAULTS,
    report: quick ? 'soak-quick' : 'soak',
  };
}

class Soak {
  faultCount = 0;
  readonly untrue: string[] = [];
  readonly disturbed = new Set<string>();
  readonly memoryMb: number[] = [];
  playlist: LiveReport | undefined;

  constructor(
    private readonly simulator: BenchSimulator,
    private readonly running: Running,
    private readonly meter: ProcessMeter,
  ) {}

  async run(plan: Plan): Promise<void> {
    const over = new AbortController();
    const checked = checkLive(this.running.readerTarget!(this.simulator.cameras[0]!).playlist, over.signal);
    try {
      await this.inflictAll(plan);
    } finally {
      over.abort();
    }
    this.playlist = await checked;
  }

  private async inflictAll(plan: Plan): Promise<void> {
    const endMs = systemClock.monotonicMs() + plan.runMs;
    do {
      for (const fault of plan.faults) await this.inflict(fault);
      this.memoryMb.push((await this.meter.end()).memoryMb);
    } while (systemClock.monotonicMs() < endMs);
  }

  /** One fault on one camera, from its beginning until the camera is well again. */
  private async inflict(fault: SoakFault): Promise<void> {
    const { cameras } = this.simulator;
    const victim = cameras[1 + (this.faultCount++ % (cameras.length - 1))]!;
    const connections = await this.reconnects();
    const reader = fault.hasSlowReader && (await SlowReader.start(this.running.readerTarget!(victim)));
    await this.simulator.setFaults(victim, fault.begin);
    await this.reaches(victim, fault.name, fault.states);
    await sleep(systemClock, fault.lastsMs);
    await this.reaches(victim, `${fault.name}, still`, fault.states);
    await this.simulator.setFaults(victim, fault.end);
    if (reader) reader.stop();
    await this.reaches(victim, `the end of ${fault.name}`, ['online']);
    await this.othersAreWell(victim, connections);
  }

  private async reaches(camera: BenchCamera, what: string, states: readonly string[]): Promise<void> {
    const wanted = states.join(' or ');
    await until(`${camera.spec.id} to be ${wanted}`, TOLD_MS, async () =>
      states.includes((await this.running.states!()).get(camera.spec.id) ?? ''),
    ).catch((thrown: unknown) => this.untrue.push(`${what}: ${reasonOf(thrown)}`));
  }

  private async othersAreWell(victim: BenchCamera, before: ReadonlyMap<string, number>): Promise<void> {
    const [states, after] = [await this.running.states!(), await this.reconnects()];
    for (const { spec } of this.simulator.cameras) {
      if (spec.id === victim.spec.id) continue;
      const isWell = states.get(spec.id) === 'online' && after.get(spec.id) === before.get(spec.id);
      if (!isWell) this.disturbed.add(spec.id);
    }
  }

  private reconnects(): Promise<ReadonlyMap<string, number>> {
    return this.running.reconnects!();
  }
}

async function soak(plan: Plan, simulator: BenchSimulator, running: Running): Promise<Soak> {
  const { cameras } = simulator;
  await until(`${cameras.length} cameras to be online`, 60_000, async () => {
    const states = await running.states!();
    return cameras.every(({ spec }) => states.get(spec.id) === 'online');
  });
  await sleep(systemClock, plan.warmUpMs);
  const meter = new ProcessMeter(running.pids, systemClock);
  await meter.begin();
  const run = new Soak(simulator, running, meter);
  await run.run(plan);
  return run;
}

function rowsOf(plan: Plan, run: Soak): BenchRecorder {
  const recorder = new BenchRecorder(plan.report, systemClock.nowMs());
  const add = (metric: string, unit: string, value: number): void =>
    recorder.add(`soak-${plan.cameras}`, 'atalaya', metric, unit, value);
  add('faults', '', run.faultCount);
  add('untrue_states', '', run.untrue.length);
  add('disturbed_cameras', '', run.disturbed.size);
  add('playlists', '', run.playlist!.playlists);
  add('playlist_violations', '', sum(run.playlist!.counts.values()));
  add('memory_mb', 'MB', run.memoryMb.at(-1)!);
  add('memory_growth_percent', '%', growthPercent(run.memoryMb));
  return recorder;
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  const folder = await mkdtemp(path.join(tmpdir(), 'atalaya-soak-'));
  // The timers of the waits do not hold the process; it ends by what it does.
  const held = setInterval(() => {}, 1_000);
  const simulator = await BenchSimulator.start(plan.cameras);
  const running = await atalaya.start(simulator.cameras, folder);
  try {
    const run = await soak(plan, simulator, running);
    const broken = [...run.playlist!.counts].map(([rule, count]) => `${count} x ${rule}`);
    for (const line of [...run.untrue, ...run.disturbed, ...broken]) console.log(line);
    console.log(`memory after each round of faults, MB: ${run.memoryMb.map(Math.round).join(' ')}`);
    const recorder = rowsOf(plan, run);
    const { file, report } = await recorder.write(OUT_FOLDER);
    const verdicts = recorder.rows().flatMap(({ metric, median }) => {
      const limit = LIMITS[metric as keyof typeof LIMITS];
      return limit === undefined ? [] : `- ${metric} ${median}, limit ${limit}: ${median <= limit ? 'kept' : 'missed'}`;
    });
    console.log([tableOf(report), '', ...verdicts, '', file].join('\n'));
  } finally {
    await Promise.all([running.stop(), simulator.stop()]);
    await rm(folder, { recursive: true, force: true });
    clearInterval(held);
  }
}

try {
  await main();
} catch (thrown) {
  console.error(`the soak failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
