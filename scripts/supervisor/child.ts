import { spawn, type ChildProcess } from 'node:child_process';
import { reasonOf, sleep, type Clock } from '#libs/base';
import type { ChildLog } from './child-log.ts';
import { Guard, type GuardSignals } from './guard.ts';
import { tell } from './process-table.ts';
import { RestartRule, type RestartDecision } from './restart-rule.ts';
import type { ProcessRecord } from './survivors.ts';

/** What a child is; how it is, is {@link ChildState}. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** How it is ended when the supervisor itself was killed. */
  readonly guard: GuardSignals;
  /** Another user to run as; only root can ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Tried in turn, each with its own patience, until the child has gone. */
  readonly stopSteps: readonly StopStep[];
  /** Throws while the child does not serve yet. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** A child that is not ready after this long is ended and counts as crashed. */
  readonly readyWithinMs: number;
  /** Throws when a running child is stuck. Left out: only its end is watched. */
  readonly alive?: (signal: AbortSignal) => Promise<void>;
  /** Run before each start: whatever a killed predecessor left is cleared here. */
  readonly beforeStart?: () => Promise<void>;
}

export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

export type ChildState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly pid: number }
  | { readonly kind: 'running'; readonly pid: number; readonly readyAfterMs: number }
  /** Ended by itself; started again after `waitMs`. */
  | { readonly kind: 'waiting'; readonly why: string; readonly waitMs: number; readonly looping: boolean };

export interface ChildSurroundings {
  readonly clock: Clock;
  readonly log: ChildLog;
  readonly record: ProcessRecord;
  readonly onChange: (name: string, state: ChildState) => void;
  readonly restartRule?: RestartRule;
}

const POLL_MS = 100;
const PROBE_TIMEOUT_MS = 2_000;
const ALIVE_EVERY_MS = 5_000;
const ALIVE_TIMEOUT_MS = 5_000;
/** Half a minute without an answer is no hiccup. */
const ALIVE_MISSES = 6;

/** One process that is kept running: started, watched, started again, and ended when told. */
export class SupervisedChild {
  private stateNow: ChildState = { kind: 'stopped' };
  private process: ChildProcess | undefined;
  private exited: Promise<string> = Promise.resolve('never started');
  private readonly stopping = new AbortController();
  private readonly rule: RestartRule;
  private running: Promise<void> | undefined;
  private readonly watchers = new Set<(state: ChildState) => void>();
  private killedSelf = false;
  private guard: Guard | undefined;

  constructor(
    readonly spec: ChildSpec,
    private readonly around: ChildSurroundings,
  ) {
    this.rule = around.restartRule ?? new RestartRule(around.clock);
  }

  get state(): ChildState {
    return this.stateNow;
  }

  get lastLines(): readonly string[] {
    return this.around.log.lastLines;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the child serves; rejects when it crashes in a loop or was told to stop before. */
  whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (state: ChildState): void => {
        if (state.kind === 'running') settle(resolve);
        else if (state.kind === 'waiting' && state.looping)
          settle(() => reject(new CrashLoop(this.spec.name, state.why)));
        else if (state.kind === 'stopped' && this.stopping.signal.aborted) settle(() => reject(new Error('stopped')));
      };
      const settle = (answer: () => void): void => {
        this.watchers.delete(look);
        answer();
      };
      this.watchers.add(look);
      look(this.stateNow);
    });
  }

  /** Ends the child by its stop steps and does not start it again. Resolves `false` when it had to be killed. */
  async stop(): Promise<boolean> {
    this.stopping.abort();
    let gentle = true;
    for (const step of [...this.spec.stopSteps, LAST_STEP]) {
      if (!this.process) break;
      gentle = step.signal !== 'SIGKILL';
      this.signal(step.signal);
      await this.goneWithin(step.waitMs);
    }
    await this.running;
    this.around.log.close();
    return gentle;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedMs = this.around.clock.monotonicMs();
      const why = await this.runOnce();
      if (signal.aborted) break;
      const decision = this.rule.afterExit(this.around.clock.monotonicMs() - startedMs);
      await this.waitOut(why, decision);
    }
    this.become({ kind: 'stopped' });
  }

  private async waitOut(why: string, decision: RestartDecision): Promise<void> {
    this.around.log.note(`${this.spec.name}: ${why}; next start in ${decision.waitMs} ms`);
    this.become({ kind: 'waiting', why, ...decision });
    await sleep(this.around.clock, decision.waitMs, this.stopping.signal);
  }

  /** One life of the process. Resolves with how it ended. */
  private async runOnce(): Promise<string> {
    const over = new AbortController();
    const startedMs = this.around.clock.monotonicMs();
    try {
      await this.spec.beforeStart?.();
      if (this.stopping.signal.aborted) return 'stopped';
      const pid = await this.launch();
      this.become({ kind: 'starting', pid });
      void this.watch(pid, startedMs, over.signal);
      return await this.exited;
    } catch (problem) {
      return reasonOf(problem);
    } finally {
      over.abort();
      this.process = undefined;
      this.guard?.release();
      this.guard = undefined;
      this.around.record.remove(this.spec.name);
    }
  }

  /**
   * A session of its own, so that Ctrl-C at the terminal reaches the supervisor alone, which then stops its children in
   * their order.
   */
  private async launch(): Promise<number> {
    const { command, args, env, cwd, user } = this.spec;
    const child = spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.killedSelf = false;
    if (child.pid !== undefined) this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      const reader = this.around.log.reader();
      stream?.on('data', (chunk: Buffer) => reader.push(chunk));
      stream?.on('end', () => reader.end());
    }
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(endOf(code, signal))));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    // A later error event (a signal that cannot be sent) must not end the supervisor.
    child.on('error', () => {});
    const pid = child.pid!;
    this.around.record.add(this.spec.name, pid);
    this.guard = new Guard(pid, this.spec.guard);
    return pid;
  }

  private async watch(pid: number, startedMs: number, over: AbortSignal): Promise<void> {
    if (!(await this.becomesReady(startedMs, over))) return;
    this.become({ kind: 'running', pid, readyAfterMs: this.around.clock.monotonicMs() - startedMs });
    if (this.spec.alive) await this.watchAlive(this.spec.alive, over);
  }

  private async becomesReady(startedMs: number, over: AbortSignal): Promise<boolean> {
    let problem = '';
    while (!over.aborted && !this.stopping.signal.aborted) {
      try {
        await this.spec.ready(AbortSignal.any([over, AbortSignal.timeout(PROBE_TIMEOUT_MS)]));
        return !over.aborted;
      } catch (thrown) {
        problem = reasonOf(thrown);
      }
      if (this.around.clock.monotonicMs() - startedMs > this.spec.readyWithinMs) {
        this.around.log.note(`${this.spec.name}: not ready after ${this.spec.readyWithinMs} ms: ${problem}`);
        this.kill();
        return false;
      }
      await sleep(this.around.clock, POLL_MS, over);
    }
    return false;
  }

  private async watchAlive(alive: NonNullable<ChildSpec['alive']>, over: AbortSignal): Promise<void> {
    let misses = 0;
    while (await sleep(this.around.clock, ALIVE_EVERY_MS, over)) {
      try {
        await alive(AbortSignal.any([over, AbortSignal.timeout(ALIVE_TIMEOUT_MS)]));
        misses = 0;
      } catch (thrown) {
        misses++;
        if (misses < ALIVE_MISSES || over.aborted || this.stopping.signal.aborted) continue;
        this.around.log.note(`${this.spec.name}: no answer ${misses} times: ${reasonOf(thrown)}`);
        this.kill();
        return;
      }
    }
  }

  private kill(): void {
    this.killedSelf = true;
    this.signal('SIGKILL');
  }

  /** The last signal goes to the whole group: a child's own helpers (a transcoder) end with it. */
  private signal(signal: NodeJS.Signals): void {
    const pid = this.process?.pid;
    if (pid !== undefined) tell(signal === 'SIGKILL' ? -pid : pid, signal);
  }

  private async goneWithin(waitMs: number): Promise<void> {
    const patience = new AbortController();
    await Promise.race([this.exited, sleep(this.around.clock, waitMs, patience.signal)]);
    patience.abort();
    if (await hasSettled(this.exited)) this.process = undefined;
  }

  private become(state: ChildState): void {
    const shown =
      state.kind === 'waiting' && this.killedSelf ? { ...state, why: `no respondía (${state.why})` } : state;
    this.stateNow = shown;
    for (const watcher of this.watchers) watcher(shown);
    this.around.onChange(this.spec.name, shown);
  }
}

/** A child that cannot be brought up. */
export class CrashLoop extends Error {
  constructor(
    readonly childName: string,
    readonly why: string,
  ) {
    super(`${childName}: ${why}`);
    this.name = 'CrashLoop';
  }
}

const LAST_STEP: StopStep = { signal: 'SIGKILL', waitMs: 5_000 };

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `código de salida ${code}` : `señal ${signal}`;
}

/** Whether a promise has its answer already. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}
