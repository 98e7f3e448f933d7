import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../supervisor/settings.ts';
import { until } from '../e2e/until.ts';

const PROGRAM = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'testing', 'ledger-program.js');
const PARALLEL = 40;

/** A writer process under load, and what it has said of every command since the first one was started. */
export class LedgerLoad {
  /** Sequence number of every acknowledged command. */
  readonly acknowledged = new Map<string, number>();
  /** Commands that were given and not acknowledged: they may have happened or not. */
  private readonly inDoubt = new Map<string, string>();
  private readonly problems: string[] = [];
  private child: ChildProcess | undefined;

  constructor(private readonly databaseUrl: string) {}

  async migrate(): Promise<void> {
    const [code] = (await once(this.spawn('--migrate'), 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the tables could not be made: ${code}`);
  }

  /** Starts a writer, and gives it again what the last one left in doubt. */
  start(): void {
    const child = this.spawn('--load', String(PARALLEL));
    createInterface({ input: child.stdout! }).on('line', (line) => this.hear(line));
    for (const [id, counter] of this.inDoubt) child.stdin!.write(`${id} ${counter}\n`);
    // A writer that is killed takes its pipe with it.
    child.stdin!.on('error', () => {});
    this.child = child;
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child) throw new Error('the writer does not run');
    // What it has said before its death is heard to the end: an acknowledgement counts once it left the process.
    const heard = once(child, 'close');
    child.kill('SIGKILL');
    await heard;
    this.child = undefined;
  }

  /** Waits until so many more commands were acknowledged. */
  async progress(count: number, withinMs: number): Promise<void> {
    const goal = this.acknowledged.size + count;
    await until(`${count} more commands`, withinMs, () => {
      if (this.problems.length > 0) throw new Error(this.problems[0]);
      if (this.child && this.child.exitCode !== null) throw new Error(`the writer ended with ${this.child.exitCode}`);
      return Promise.resolve(this.acknowledged.size >= goal);
    });
  }

  private hear(line: string): void {
    const [word, id, rest] = line.split(' ');
    if (id === undefined || rest === undefined) this.problems.push(`the writer said "${line}"`);
    else if (word === 'try') this.inDoubt.set(id, rest);
    else if (word === 'done') {
      this.inDoubt.delete(id);
      const seq = this.acknowledged.get(id);
      if (seq !== undefined && seq !== Number(rest)) this.problems.push(`${id} was done as ${seq} and as ${rest}`);
      this.acknowledged.set(id, Number(rest));
    }
  }

  private spawn(...args: string[]): ChildProcess {
    const env = { ...process.env, DATABASE_URL: this.databaseUrl, ATALAYA_KEY: '07'.repeat(32) };
    return spawn(process.execPath, ['--enable-source-maps', PROGRAM, ...args], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }
}
