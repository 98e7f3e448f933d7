import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends a program that cannot listen to us when this process dies: a shell waits on a pipe whose other end we hold. The
 * word "release" lets it go in peace; the end of the pipe without it (kill -9 of the supervisor) makes it send the signal.
 */
const GUARD = 'read -r word; [ "$word" = release ] || kill -s "$2" "$1"';

export class Guard {
  private readonly shell: ChildProcess;

  constructor(pid: number, signal: 'INT' | 'TERM') {
    this.shell = spawn('/bin/sh', ['-c', GUARD, 'atalaya-guard', String(pid), signal], {
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
