import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { reasonOf, sleep, type Logger, type Result, type Timer } from '#libs/base';
import {
  actionOf,
  advance,
  failed,
  looked,
  settle,
  went,
  withTour,
  type PtzState,
  type TourAction,
  type TourFailure,
  type TourRun,
} from '#libs/ptz';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService } from '../duty/duty.service.ts';
import { LOGGER } from '../logging.ts';
import { PtzBoard } from './ptz-board.ts';
import { PtzHeads, type Steerable } from './ptz-heads.ts';
import { PtzTourService } from './ptz-tour.service.ts';

/** Turns end and tours go on within this much of their time. */
const TICK_MS = 250;
const MAX_CLOSE_MS = 3_000;

/** Codes that say that the camera answered and would not do just this. */
const ABOUT_THE_PRESET: ReadonlySet<string> = new Set(['onvif-fault', 'onvif-not-supported']);

/** What the camera answered to one action of a tour. */
type Answer = (run: TourRun, nowMs: number) => TourRun;

/** Ends turns when their time is over and takes tours from preset to preset. */
@Injectable()
export class TourRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly asking = new Map<string, Promise<void>>();
  private timer: Timer | undefined;

  constructor(
    private readonly tours: PtzTourService,
    private readonly board: PtzBoard,
    private readonly heads: PtzHeads,
    private readonly audit: AuditService,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.duty.listen({ began: () => void this.begin(), ended: () => this.end() });
    this.timer = this.clock.every(TICK_MS, () => this.tick());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    // A camera that does not answer holds up no restart.
    await Promise.race([Promise.all(this.asking.values()), sleep(this.clock, MAX_CLOSE_MS)]);
  }

  private async begin(): Promise<void> {
    try {
      await this.tours.resumeAll();
    } catch (thrown) {
      this.logger.error({ reason: reasonOf(thrown) }, 'tours could not be begun again');
    }
  }

  /** Another api steers, and everybody begins anew there. */
  private end(): void {
    for (const id of this.board.busy()) this.board.forget(id);
    this.heads.forgetAll();
  }

  private tick(): void {
    for (const id of this.board.busy()) {
      this.board.apply(id, settle);
      this.turn(id);
    }
  }

  private turn(id: string): void {
    this.update(id, advance);
    const run = touring(this.board.stateOf(id));
    const action = run && actionOf(run, this.clock.monotonicMs());
    if (!run || !action || this.asking.has(id)) return;
    const asked = this.act(id, run, action).finally(() => this.asking.delete(id));
    this.asking.set(id, asked);
  }

  /** Never rejects. */
  private async act(id: string, run: TourRun, action: TourAction): Promise<void> {
    try {
      const steerable = await this.heads.of(id);
      if (steerable.ok) this.take(id, run, await this.ask(id, steerable.value, action));
      else this.take(id, run, this.answerOf(steerable, went));
    } catch (thrown) {
      this.logger.warn({ cameraId: id, reason: reasonOf(thrown) }, 'a tour could not go on');
      this.take(id, run, (before, nowMs) => failed(before, nowMs, { code: 'internal', scope: 'camera' }));
    }
  }

  private async ask(id: string, { head }: Steerable, action: TourAction): Promise<Answer> {
    // Somebody may take the camera while the order waits for it.
    if (action.kind === 'go')
      return this.answerOf(
        await head.goToPreset(action.preset, () => touring(this.board.stateOf(id)) !== undefined),
        went,
      );
    const status = await head.status();
    return (run, nowMs) => looked(run, nowMs, status.ok ? status.value.moving : undefined);
  }

  private answerOf(result: Result<unknown>, done: Answer): Answer {
    if (result.ok) return done;
    const { code } = result.refusal;
    const failure: TourFailure = { code, scope: ABOUT_THE_PRESET.has(code) ? 'preset' : 'camera' };
    return code === 'ptz-overtaken' ? (run) => run : (run, nowMs) => failed(run, nowMs, failure);
  }

  /** Unless the tour is another one by now, or paused. */
  private take(id: string, asked: TourRun, answer: Answer): void {
    const before = touring(this.board.stateOf(id));
    if (!before || before.tour !== asked.tour || before.step !== asked.step) return;
    this.update(id, answer);
    const after = touring(this.board.stateOf(id));
    if (after) this.report(id, before, after);
  }

  private update(id: string, change: Answer): void {
    this.board.apply(id, (state, nowMs) => {
      const run = touring(state);
      const next = run && change(run, nowMs);
      return { state: next && next !== run ? withTour(state, next) : state, ended: null, refused: null };
    });
  }

  /** A tour that stands, and a preset that is left out, are said once. */
  private report(id: string, before: TourRun, after: TourRun): void {
    const skip = after.skipped.at(-1);
    if (skip && skip !== before.skipped.at(-1) && !before.skipped.some(({ preset }) => preset === skip.preset))
      this.write(id, after, 'ptz-tour:skip', skip.code, { preset: skip.preset });
    if (after.problem && !before.problem) this.write(id, after, 'ptz-tour:stand', after.problem.code, {});
  }

  private write(id: string, { tour }: TourRun, action: string, code: string, details: Record<string, unknown>): void {
    this.logger.warn({ cameraId: id, tour: tour.name, code, ...details }, 'a tour does not go as planned');
    const what = { action, objectKind: 'ptz-tour', objectId: tour.id, outcome: 'failed' as const, code };
    this.audit
      .record({ ...what, details: { name: tour.name, cameraId: id, ...details } })
      .catch((thrown: unknown) => this.logger.error({ cameraId: id, reason: reasonOf(thrown) }, 'not in the audit'));
  }
}

/** The tour of a camera that nobody steers. */
function touring(state: PtzState): TourRun | undefined {
  return state.kind === 'touring' ? state.tour : undefined;
}
