import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends what this process started when it dies, however it dies. An ffmpeg ends by itself when its pipes close, unless it
 * hangs or was stopped: then nobody else would. A shell reads which ones there are from a pipe whose other end we hold,
 * and kills those that are left when the pipe ends. It knows each by pid and start time (proc_pid_stat(5), field 22), so
 * that a pid which the system has given to somebody else is left alone.
 */
const GUARD = `
started() { cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null; }
held=
while read -r word pid; do
  rest=
  for each in $held; do [ "\${each%%:*}" = "$pid" ] || rest="$rest $each"; done
  held=$rest
  [ "$word" = hold ] && held="$held $pid:$(started "$pid")"
done
for each in $held; do
  pid=\${each%%:*}
  [ "$(started "$pid")" = "\${each#*:}" ] && kill -s KILL "$pid"
done
`;

/** One shell for all of them, from the first one on. */
export class ProcessGuard {
  private shell: ChildProcess | undefined;

  hold(pid: number): void {
    this.shell ??= this.start();
    this.shell.stdin?.write(`hold ${pid}\n`);
  }

  /** It has ended: its pid may be somebody else's soon. */
  free(pid: number): void {
    this.shell?.stdin?.write(`free ${pid}\n`);
  }

  /** Kills what is still held. */
  stop(): void {
    this.shell?.stdin?.end();
    this.shell = undefined;
  }

  private start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', GUARD, 'atalaya-ffmpeg-guard'], {
      // A Ctrl-C is for us: we tell the guard.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    });
    // Without a guard each ffmpeg still ends with its pipes.
    shell.on('error', () => {});
    shell.stdin?.on('error', () => {});
    shell.unref();
    (shell.stdin as { unref?(): void } | null)?.unref?.();
    return shell;
  }
}
