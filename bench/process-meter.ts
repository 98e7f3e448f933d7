import { readFile } from 'node:fs/promises';
import type { Clock } from '#libs/base';

/** Jiffies a second of `/proc/<pid>/stat` (proc(5)); 100 on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

/**
 * Reads what processes cost from `/proc` (Linux): CPU as a share of one core between {@link begin} and {@link end}, and
 * memory as the proportional set size, so that libraries shared by fifty ffmpegs are counted once.
 */
export class ProcessMeter {
  private startedAtMs = 0;
  private startTicks = new Map<number, number>();

  constructor(
    private readonly pids: readonly number[],
    private readonly clock: Clock,
  ) {}

  async begin(): Promise<void> {
    this.startTicks = await this.ticks();
    this.startedAtMs = this.clock.monotonicMs();
  }

  async end(): Promise<{ cpuPercent: number; memoryMb: number }> {
    const now = await this.ticks();
    const seconds = (this.clock.monotonicMs() - this.startedAtMs) / 1000;
    let ticks = 0;
    for (const [pid, value] of now) ticks += value - (this.startTicks.get(pid) ?? value);
    const sizesMb = await Promise.all(this.pids.map(pssMb));
    return {
      cpuPercent: (100 * ticks) / TICKS_PER_SECOND / seconds,
      memoryMb: sizesMb.reduce((sum, mb) => sum + mb, 0),
    };
  }

  private async ticks(): Promise<Map<number, number>> {
    return new Map(await Promise.all(this.pids.map(async (pid) => [pid, await cpuTicks(pid)] as const)));
  }
}

async function cpuTicks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The command name may hold spaces: fields are counted behind its closing bracket; utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Proportional set size of a process (proc(5)). */
export async function pssMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}
