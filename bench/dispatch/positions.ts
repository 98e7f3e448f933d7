import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sleep, systemClock } from '#libs/base';
import { Centre } from '../positions/centre.ts';
import { Fleet } from '../positions/fleet.ts';
import type { Seen } from '../positions/screens.ts';
import { nextMessage } from '../next-message.ts';
import { ProcessMeter } from '../process-meter.ts';
import type { BenchRecorder } from '../report.ts';

const SCREENS = path.resolve(import.meta.dirname, '..', 'positions', 'screens.js');
const FLOOR = path.resolve(import.meta.dirname, '..', 'positions', 'floor.js');
/** Connections, code and buffers are warm by then. */
const SETTLE_MS = 3_000;

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly quick: boolean;
}

/**
 * Two thousand units that report once a second, each by its own keep-alive connection, to fifty screens: from the moment
 * at which a phone writes its report to the moment at which a screen has read it, wall clock of one machine. `cpu_percent`
 * is the api's process in percent of one core; PostgreSQL, phones and screens are processes of their own on the same
 * machine. `floor` is a bare socket.io server that broadcasts as many rows at the same pace and takes no reports.
 */
export async function measurePositions({ rounds, seconds, quick }: Plan, into: BenchRecorder): Promise<void> {
  const [units, screens] = quick ? [50, 3] : [2_000, 50];
  const name = `positions-${units}`;
  const settleMs = quick ? 500 : SETTLE_MS;
  const centre = await Centre.start();
  try {
    const cookies = [await centre.addDispatcher('despacho-1'), await centre.addDispatcher('despacho-2')];
    const paths = await centre.register(units);
    for (let round = 1; round <= rounds; round++) {
      console.log(`${name}: round ${round} of ${rounds}`);
      const fleet = await Fleet.open(centre.port, paths);
      fleet.drive();
      try {
        const { seen, cpuPercent } = await watch(centre.url, cookies, screens, centre.pid, settleMs, seconds);
        expectHealthy(fleet, units, seconds + settleMs / 1_000);
        report(into, name, 'atalaya', seen, cpuPercent);
      } finally {
        fleet.stop();
      }
      const floor = fork(FLOOR, [String(units)]);
      try {
        const [{ port }] = (await once(floor, 'message')) as [{ port: number }];
        const url = `http://127.0.0.1:${port}`;
        const { seen, cpuPercent } = await watch(url, [], screens, floor.pid!, settleMs, seconds);
        report(into, name, 'floor', seen, cpuPercent);
      } finally {
        floor.kill();
      }
    }
  } finally {
    await centre.stop();
  }
}

async function watch(
  url: string,
  cookies: readonly string[],
  count: number,
  pid: number,
  settleMs: number,
  seconds: number,
): Promise<{ seen: Seen; cpuPercent: number }> {
  const screens = fork(SCREENS, [url, String(count), ...cookies]);
  try {
    await nextMessage(screens);
    await sleep(systemClock, settleMs);
    const meter = new ProcessMeter([pid], systemClock);
    await meter.begin();
    screens.send('begin');
    await sleep(systemClock, seconds * 1_000);
    screens.send('end');
    const seen = (await nextMessage(screens)) as Seen;
    return { seen, cpuPercent: (await meter.end()).cpuPercent };
  } finally {
    screens.kill();
  }
}

/** Figures of a centre that refuses or falls behind are none. */
function expectHealthy({ taken, refused, skipped }: Fleet, units: number, seconds: number): void {
  if (refused > 0 || taken < 0.95 * units * (seconds - 1))
    throw new Error(
      `${units} units for ${seconds} s: ${taken} taken, ${refused} refused, ${skipped} not answered in time`,
    );
  console.log(
    `  ${taken} reports taken, ${skipped} held back because the one before was not answered within its second`,
  );
}

function report(into: BenchRecorder, name: string, contender: string, { agesMs }: Seen, cpuPercent: number): void {
  into.add(name, contender, 'p50_ms', 'ms', percentileOf(agesMs, 0.5));
  into.add(name, contender, 'p99_ms', 'ms', percentileOf(agesMs, 0.99));
  into.add(name, contender, 'cpu_percent', '%', cpuPercent);
}

/** The age that so large a share of the rows did not exceed. */
function percentileOf(agesMs: readonly number[], share: number): number {
  let left = share * agesMs.reduce((sum, count) => sum + count, 0);
  if (left === 0) throw new Error('no screen saw a unit move');
  for (const [ageMs, count] of agesMs.entries()) {
    left -= count;
    if (left <= 0) return ageMs;
  }
  return agesMs.length;
}
