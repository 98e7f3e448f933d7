import { Backoff, refusal, type Clock, type Logger, type Refusal } from '#libs/base';
import type { AccessUnitInfo, Assembly, TrackFormat } from '#libs/codec';
import { UnitFragmenter, initSegment, readOwnFragment } from '#libs/fmp4';
import type { Sink, UnitView } from '#libs/relay';
import type { FfmpegPool } from './ffmpeg-pool.ts';
import type { Run } from './fluent.ts';
import { H264Intake } from './h264-intake.ts';
import { conversionOrder, type ConversionLimits } from './orders.ts';

/** Larger than any key picture that cameras send. */
const MAX_FRAGMENT_BYTES = 4 * 1024 * 1024;
/** What ffmpeg has not taken: it is getting ready, or does not keep up. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** Older pictures are not live: what ffmpeg has is let out first, and it goes on with the next key picture. */
const MAX_LAG_MS = 1_500;
/** Pictures go in and none comes out: started on a busy machine it takes a second or two. */
const SILENCE_MS = 10_000;
/** All places are taken: one may be free soon. */
const NO_ROOM_RETRY_MS = 2_000;
const RETRY = { firstMs: 1_000, maxMs: 30_000, jitter: 0.2 };

export interface ConversionOptions {
  readonly pool: FfmpegPool;
  readonly limits: ConversionLimits;
  readonly clock: Clock;
  readonly log: Logger;
  onFormat(format: TrackFormat): void;
  onUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
  /** A run begins: where its units are written. */
  onBegin(): Assembly;
  /** It ended. What comes next does not continue what was. */
  onBreak(): void;
}

/** `sinceMs` and `retryAtMs` are monotonic. */
type ConversionState =
  /** a key unit, from `retryAtMs` on */
  | { readonly name: 'waiting'; readonly retryAtMs: number }
  /** the end of ffmpeg, a gap, {@link Conversion.stop} */
  | { readonly name: 'running'; readonly run: Run; readonly intake: H264Intake };

/**
 * A reader of one stream that gives it back as H.264: a supervised ffmpeg between two hubs. Begins and begins again at
 * key units; a gap of the source, another format and a failure each end the run.
 */
export class Conversion implements Sink {
  private state: ConversionState = { name: 'waiting', retryAtMs: 0 };
  private sourceFormat: TrackFormat | undefined;
  private fragmenter = new UnitFragmenter(MAX_FRAGMENT_BYTES);
  private problem: Refusal | undefined;
  private readonly backoff = new Backoff(RETRY);
  /** The first picture that went in since one came out; undefined while none is missing. */
  private unansweredMs: number | undefined;

  constructor(private readonly options: ConversionOptions) {}

  /** Why there are no pictures; undefined while they come, or may still. */
  get failure(): Refusal | undefined {
    return this.problem;
  }

  get isRunning(): boolean {
    return this.state.name === 'running';
  }

  format(format: TrackFormat): void {
    this.endRun();
    this.sourceFormat = format;
  }

  /** What cannot be converted now is not the hub's loss: only a slow ffmpeg is. */
  unit(view: UnitView): boolean {
    const nowMs = this.options.clock.monotonicMs();
    if (this.state.name === 'waiting' && (!view.info.isKey || nowMs < this.state.retryAtMs || !this.begin(nowMs)))
      return true;
    return this.state.name !== 'running' || this.feed(this.state, view, nowMs);
  }

  gap(): void {
    this.endRun();
  }

  /** Looks at the deadline. */
  tick(nowMs: number): void {
    if (this.state.name !== 'running' || this.unansweredMs === undefined) return;
    if (nowMs - this.unansweredMs > SILENCE_MS) this.failed(this.state.run, 'no picture came out');
  }

  stop(): void {
    this.endRun();
    this.problem = undefined;
    this.backoff.reset();
  }

  private begin(nowMs: number): boolean {
    const { sourceFormat } = this;
    if (!sourceFormat) return false;
    let intake: H264Intake | undefined;
    const started = this.options.pool.convert(conversionOrder(this.options.limits), {
      onData: (chunk) => intake?.push(chunk),
      onEnd: (problem) => this.failed(run, problem ?? 'ffmpeg ended'),
    });
    if (!started.ok) {
      this.problem = started.refusal;
      this.state = { name: 'waiting', retryAtMs: nowMs + NO_ROOM_RETRY_MS };
      return false;
    }
    const run = started.value;
    intake = this.newIntake();
    this.state = { name: 'running', run, intake };
    this.fragmenter = new UnitFragmenter(MAX_FRAGMENT_BYTES);
    this.fragmenter.useFormat(sourceFormat);
    run.write(initSegment(sourceFormat));
    return true;
  }

  private newIntake(): H264Intake {
    const intake: H264Intake = new H264Intake({
      assembly: this.options.onBegin(),
      onFormat: (format) => this.owns(intake) && this.options.onFormat(format),
      onUnit: (info) => this.owns(intake) && this.cameBack(info),
      onProblem: (problem) =>
        this.state.name === 'running' && this.owns(intake) && this.failed(this.state.run, problem),
    });
    return intake;
  }

  private owns(intake: H264Intake): boolean {
    return this.state.name === 'running' && this.state.intake === intake;
  }

  private feed({ run, intake }: Extract<ConversionState, { name: 'running' }>, view: UnitView, nowMs: number): boolean {
    if (run.heldBytes > MAX_HELD_BYTES || intake.lagMs(nowMs) > MAX_LAG_MS) return false;
    const { buffer, from, to, info } = view;
    const fragment = this.fragmenter.add(buffer, from, to, info);
    if (!fragment) return false;
    intake.expect(readOwnFragment(fragment.bytes)[0]!.pts, info, nowMs);
    this.unansweredMs ??= nowMs;
    run.write(fragment.bytes);
    return true;
  }

  private cameBack(info: AccessUnitInfo & { readonly bytes: number }): void {
    this.unansweredMs = undefined;
    this.problem = undefined;
    this.backoff.reset();
    this.options.onUnit(info);
  }

  private failed(run: Run, reason: string): void {
    if (this.state.name !== 'running' || this.state.run !== run) return;
    this.endRun(this.options.clock.monotonicMs() + this.backoff.nextMs());
    this.problem = FAILED;
    this.options.log.warn({ reason }, 'conversion failed');
  }

  private endRun(retryAtMs = 0): void {
    if (this.state.name !== 'running') return;
    const { run } = this.state;
    this.state = { name: 'waiting', retryAtMs };
    this.unansweredMs = undefined;
    run.stop();
    this.options.onBreak();
  }
}

const FAILED = refusal('unavailable', 'convert-failed', 'the stream could not be converted; it is tried again');
