import {
  BoundedQueue,
  ok,
  reasonOf,
  refusal,
  refused,
  sleep,
  type Clock,
  type Logger,
  type Refusal,
  type Result,
} from '#libs/base';
import type { FfmpegReport } from '#libs/wire';
import type { FfmpegEvents, FfmpegOrder, FfmpegTools, Run } from './fluent.ts';

/** Short runs (one picture) at a time, and how many may wait for one to end. */
const MAX_SHORT_RUNS = 2;
const MAX_SHORT_WAITING = 64;
/** A picture takes a tenth of a second; on a machine that has no time for niced work, a few. */
const SHORT_RUN_MS = 8_000;
/** Larger than any JPEG that is asked for. */
const MAX_SHORT_OUTPUT_BYTES = 8 * 1024 * 1024;
/** An ffmpeg that was installed meanwhile is found after this. */
const LOOK_AGAIN_MS = 60_000;
const LOOK_MS = 20_000;

/** What the machine offers. `absent` ends when a later look finds one. */
type Availability =
  | { readonly name: 'looking' }
  | { readonly name: 'absent'; readonly reason: Refusal }
  | { readonly name: 'found'; readonly tools: FfmpegTools };

/** Only grow. */
export interface FfmpegCounters {
  shortRuns: number;
  shortRunsFailed: number;
  conversionsStarted: number;
  conversionsRefused: number;
}

export interface FfmpegPoolOptions {
  /** False: ffmpeg is not used although it may be there. */
  readonly isWanted: boolean;
  readonly maxConversions: number;
  readonly clock: Clock;
  readonly log: Logger;
  look(): Promise<FfmpegTools>;
  start(order: FfmpegOrder, events: FfmpegEvents): Run;
  /** Told of each process while it runs. */
  readonly guard: { hold(pid: number): void; free(pid: number): void; stop(): void };
}

interface Waiting {
  begin(): void;
}

/**
 * Every ffmpeg of this process: how many may run, for how long, and their end. Two kinds: short runs wait for their turn,
 * conversions run for as long as somebody watches and are refused when there are as many as may be.
 */
export class FfmpegPool {
  readonly counters: FfmpegCounters = {
    shortRuns: 0,
    shortRunsFailed: 0,
    conversionsStarted: 0,
    conversionsRefused: 0,
  };
  private availability: Availability = { name: 'looking' };
  private readonly running = new Set<Run>();
  private readonly waiting = new BoundedQueue<Waiting>(MAX_SHORT_WAITING);
  private shortRuns = 0;
  private conversions = 0;
  private isStopped = false;

  constructor(private readonly options: FfmpegPoolOptions) {
    if (!options.isWanted) this.availability = { name: 'absent', reason: NOT_WANTED };
  }

  get report(): FfmpegReport {
    const found = this.availability.name === 'found' ? this.availability.tools : undefined;
    return {
      available: found !== undefined,
      canConvert: found?.canEncodeH264 === true && this.options.maxConversions > 0,
      conversions: this.conversions,
      maxConversions: this.options.maxConversions,
    };
  }

  /** Looks for ffmpeg until it is found; ends every run when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (this.options.isWanted && !signal.aborted && !(await this.lookOnce(signal))) {
      await sleep(clock, LOOK_AGAIN_MS, signal);
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.stop();
  }

  /**
   * One short run over `input`; its whole output. Refused: `ffmpeg-missing`, `ffmpeg-busy`, `ffmpeg-timeout`,
   * `ffmpeg-failed`.
   */
  async shortRun(order: FfmpegOrder, input: readonly Buffer[]): Promise<Result<Buffer>> {
    const problem = this.problemWith((tools) => tools.canEncodeJpeg);
    if (problem) return refused(problem);
    if (this.shortRuns < MAX_SHORT_RUNS) this.shortRuns++;
    else if (!(await this.turn())) return refused(BUSY);
    try {
      const outcome = await this.runWhole(order, input);
      this.counters.shortRuns++;
      if (!outcome.ok) this.counters.shortRunsFailed++;
      return outcome;
    } finally {
      const next = this.waiting.shift();
      if (next) next.begin();
      else this.shortRuns--;
    }
  }

  /** A run for as long as its user wants. Refused: `ffmpeg-missing`, `convert-unable`, `convert-no-capacity`. */
  convert(order: FfmpegOrder, events: FfmpegEvents): Result<Run> {
    const problem = this.problemWith((tools) => tools.canEncodeH264);
    if (problem) return refused(problem);
    if (this.conversions >= this.options.maxConversions) {
      this.counters.conversionsRefused++;
      return refused(noCapacity(this.options.maxConversions));
    }
    this.conversions++;
    this.counters.conversionsStarted++;
    const onEnd = (reason: string | undefined): void => {
      this.conversions--;
      events.onEnd(reason);
    };
    return ok(this.begin(order, { onData: (chunk) => events.onData(chunk), onEnd }));
  }

  private stop(): void {
    this.isStopped = true;
    for (const run of this.running) run.stop();
    this.options.guard.stop();
  }

  /** `true` when it was found. */
  private async lookOnce(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.options;
    const late = sleep(clock, LOOK_MS, signal).then(() => Promise.reject(new Error('it does not answer')));
    try {
      const tools = await Promise.race([this.options.look(), late]);
      this.availability = { name: 'found', tools };
      log.info({ ...tools, conversions: this.options.maxConversions }, 'ffmpeg found');
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (this.availability.name === 'looking')
        log.warn({ reason: reasonOf(error) }, 'no ffmpeg: no snapshots and no conversions');
      this.availability = { name: 'absent', reason: MISSING };
      return false;
    }
  }

  private problemWith(isAble: (tools: FfmpegTools) => boolean): Refusal | undefined {
    const { availability } = this;
    if (this.isStopped || availability.name === 'looking') return LOOKING;
    if (availability.name === 'absent') return availability.reason;
    return isAble(availability.tools) ? undefined : UNABLE;
  }

  /** `false`: too many wait already. */
  private turn(): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.waiting.push({ begin: () => resolve(true) })) resolve(false);
    });
  }

  private runWhole(order: FfmpegOrder, input: readonly Buffer[]): Promise<Result<Buffer>> {
    if (this.isStopped) return Promise.resolve(refused(LOOKING));
    const { clock, log } = this.options;
    return new Promise((resolve) => {
      const output: Buffer[] = [];
      let [bytes, isLate] = [0, false];
      const run = this.begin(order, {
        onData: (chunk) => {
          bytes += chunk.length;
          if (bytes > MAX_SHORT_OUTPUT_BYTES) run.stop();
          else output.push(chunk);
        },
        onEnd: (problem) => {
          limit.cancel();
          if (problem === undefined && bytes > 0 && bytes <= MAX_SHORT_OUTPUT_BYTES)
            return resolve(ok(Buffer.concat(output)));
          log.debug({ reason: problem ?? `${bytes} bytes of output` }, 'ffmpeg run failed');
          resolve(refused(isLate ? TIMEOUT : FAILED));
        },
      });
      const limit = clock.after(SHORT_RUN_MS, () => {
        isLate = true;
        run.stop();
      });
      for (const chunk of input) run.write(chunk);
      run.finish();
    });
  }

  private begin(order: FfmpegOrder, events: FfmpegEvents): Run {
    let held: number | undefined;
    const run = this.options.start(order, {
      onStart: (pid) => {
        held = pid;
        this.options.guard.hold(pid);
        events.onStart?.(pid);
      },
      onData: (chunk) => events.onData(chunk),
      onEnd: (problem) => {
        if (held !== undefined) this.options.guard.free(held);
        this.running.delete(run);
        events.onEnd(problem);
      },
    });
    this.running.add(run);
    return run;
  }
}

const NOT_WANTED = refusal('unavailable', 'ffmpeg-missing', 'this relay is told not to use ffmpeg');
const MISSING = refusal('unavailable', 'ffmpeg-missing', 'no ffmpeg was found on this machine');
const LOOKING = refusal('unavailable', 'ffmpeg-busy', 'ffmpeg is being looked for, or the relay is stopping');
const UNABLE = refusal(
  'unavailable',
  'convert-unable',
  'this ffmpeg has no encoder for what is asked (libx264, mjpeg)',
);
const BUSY = refusal('too-many', 'ffmpeg-busy', `${MAX_SHORT_WAITING} pictures wait to be made already`);
const TIMEOUT = refusal('unavailable', 'ffmpeg-timeout', `no picture within ${SHORT_RUN_MS / 1_000} s`);
const FAILED = refusal('unavailable', 'ffmpeg-failed', 'ffmpeg could make no picture of what the camera sent');

function noCapacity(max: number): Refusal {
  return refusal('too-many', 'convert-no-capacity', `${max} streams are being converted, as many as may be`);
}
