import { readFileSync } from 'node:fs';

/**
 * Names one process for ever. A pid alone is used again by the system, and in a container the same small pids come back
 * at each start; the start time in clock ticks since boot with the boot's id does not.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** `<boot id>:<start ticks>`. */
  readonly started: string;
}

/** Field 3 (state) and field 22 (starttime) of proc_pid_stat(5), counted after the name, which may hold spaces. */
const STATE_FIELD = 0;
const START_FIELD = 19;

/** `undefined` when no such process runs; a zombie does not run. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE_FIELD] === 'Z' || fields[STATE_FIELD] === 'X') return undefined;
    return { pid, started: `${bootId()}:${fields[START_FIELD]}` };
  } catch {
    return undefined;
  }
}

/** The very process that was identified before is still there. */
export function stillRuns(known: ProcessIdentity): boolean {
  return identify(known.pid)?.started === known.started;
}

/** Arguments of a running process, empty when it has gone or is somebody's secret. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** Sends a signal to a process, or with a negative pid to its group; gone is not an error. */
export function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
