import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends a child when this process dies, however it dies: a shell waits on a pipe whose other end we hold. The word
 * "release" lets it go in peace; the end of the pipe without it (kill -9 of the supervisor) makes it tell the child to
 * stop and, after ten seconds, end it. It knows the child by pid and start time (proc_pid_stat(5), field 22), so that a
 * pid which the system has given to somebody else is left alone. A child cannot do this for itself: one that hangs on
 * its way out runs no more timers.
 */
const GUARD = `
here() { [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)" = "$started" ]; }
pid=$1; started=$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)
read -r word
[ "$word" = release ] && exit
here && kill -s "$2" "$pid"
tries=0
while here && [ $tries -lt 40 ]; do sleep 0.25; tries=$((tries + 1)); done
here && kill -s "$3" "$pid"
`;

export interface GuardSignals {
  readonly stop: NodeJS.Signals;
  readonly force: NodeJS.Signals;
}

export class Guard {
  private readonly shell: ChildProcess;

  constructor(pid: number, signals: GuardSignals) {
    const [stop, force] = [signals.stop, signals.force].map((signal) => signal.slice('SIG'.length));
    this.shell = spawn('/bin/sh', ['-c', GUARD, 'atalaya-guard', String(pid), stop!, force!], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without a guard the next start still finds what was left (survivors.ts).
    this.shell.on('error', () => {});
    this.shell.stdin?.on('error', () => {});
    this.shell.unref();
  }

  release(): void {
    this.shell.stdin?.end('release\n');
  }
}
