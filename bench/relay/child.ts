import { spawn, type ChildProcess } from 'node:child_process';
import { systemClock } from '#libs/base';

/** A process of a benchmark: its last words are kept, and it is ended by its own id. */
export class BenchChild {
  readonly pid: number;
  private said = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
    this.child.on('error', (error) => this.hear(Buffer.from(error.message)));
    this.child.stdout?.on('data', (chunk: Buffer) => this.hear(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.hear(chunk));
    if (this.child.pid === undefined) throw new Error(`${command} cannot be started`);
    this.pid = this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get lastWords(): string {
    return this.said;
  }

  /** SIGTERM, and SIGKILL after five seconds. */
  async stop(): Promise<void> {
    if (this.isRunning) this.child.kill('SIGTERM');
    const deadline = systemClock.after(5_000, () => this.child.kill('SIGKILL'));
    await this.ended;
    deadline.cancel();
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private hear(chunk: Buffer): void {
    this.said = (this.said + chunk.toString()).slice(-4_000);
  }
}
