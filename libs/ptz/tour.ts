/** One stop of a tour. */
export interface TourStep {
  /** Token of a preset of the camera. */
  readonly preset: string;
  readonly dwellMs: number;
}

export interface Tour {
  readonly id: string;
  readonly name: string;
  /** At least one. */
  readonly steps: readonly TourStep[];
}

/** Where a tour is. Instants are of a clock that never goes back. */
export type TourPhase =
  /** The step is to be gone to. Ended by {@link went} or {@link failed}. */
  | { readonly kind: 'due' }
  /** The camera turns. Ended by {@link looked} once it stands still, at `giveUpMs` at the latest. */
  | { readonly kind: 'travelling'; readonly lookAtMs: number; readonly giveUpMs: number }
  /** The camera looks. Ended by {@link advance} at `untilMs`. */
  | { readonly kind: 'dwelling'; readonly untilMs: number }
  /** The camera does not answer. Ended by {@link advance} at `untilMs`: the same step is tried again. */
  | { readonly kind: 'waiting'; readonly untilMs: number };

/** A preset that was left out. */
export interface SkippedStep {
  readonly preset: string;
  readonly code: string;
  readonly atMs: number;
}

/** A tour under way. */
export interface TourRun {
  readonly tour: Tour;
  /** Index into the steps. */
  readonly step: number;
  readonly phase: TourPhase;
  /** Presets left out of late, the last ones last. */
  readonly skipped: readonly SkippedStep[];
  /** Failures since the camera last obeyed. */
  readonly failures: number;
  /** Why it does not go on, and since when; `null` while it does. */
  readonly problem: { readonly code: string; readonly sinceMs: number } | null;
}

/** What the runner has to do now. */
export type TourAction =
  | { readonly kind: 'go'; readonly preset: string }
  /** Ask whether the camera still turns. */
  | { readonly kind: 'look' };

/** Whether the preset is at fault (gone, refused) or the camera (away, locked, wrong login). */
export interface TourFailure {
  readonly code: string;
  readonly scope: 'preset' | 'camera';
}

/** A turning camera is asked this often whether it stands. */
const LOOK_EVERY_MS = 500;
/** The slowest dome crosses its range in 10 s or so; dwelling begins by then even if it says that it moves. */
const MAX_TRAVEL_MS = 15_000;
/** A camera that does not answer is tried again after 2, 4, 8, 16 and then every 30 s. */
const FIRST_WAIT_MS = 2_000;
const MAX_WAIT_MS = 30_000;
const MAX_SKIPPED = 8;

export function beginTour(tour: Tour): TourRun {
  return { tour, step: 0, phase: { kind: 'due' }, skipped: [], failures: 0, problem: null };
}

/** After a pause the step is gone to again and dwelt on in full. */
export function resumeTour(run: TourRun): TourRun {
  return { ...run, phase: { kind: 'due' } };
}

/** Ends what has lasted long enough. */
export function advance(run: TourRun, nowMs: number): TourRun {
  const { phase } = run;
  if (phase.kind === 'dwelling' && nowMs >= phase.untilMs) return { ...run, step: nextOf(run), phase: { kind: 'due' } };
  if (phase.kind === 'waiting' && nowMs >= phase.untilMs) return { ...run, phase: { kind: 'due' } };
  return run;
}

/** Call {@link advance} first. `undefined`: nothing yet. */
export function actionOf(run: TourRun, nowMs: number): TourAction | undefined {
  if (run.phase.kind === 'due') return { kind: 'go', preset: stepOf(run).preset };
  return run.phase.kind === 'travelling' && nowMs >= run.phase.lookAtMs ? { kind: 'look' } : undefined;
}

/** The camera took the order. */
export function went(run: TourRun, nowMs: number): TourRun {
  const phase = { kind: 'travelling', lookAtMs: nowMs + LOOK_EVERY_MS, giveUpMs: nowMs + MAX_TRAVEL_MS } as const;
  return { ...run, phase, failures: 0, problem: null };
}

/** `moving` is `undefined` when the camera does not say: the dwell then begins at once. */
export function looked(run: TourRun, nowMs: number, moving: boolean | undefined): TourRun {
  const { phase } = run;
  if (phase.kind !== 'travelling') return run;
  if (moving === true && nowMs < phase.giveUpMs)
    return { ...run, phase: { ...phase, lookAtMs: nowMs + LOOK_EVERY_MS } };
  return { ...run, phase: { kind: 'dwelling', untilMs: nowMs + stepOf(run).dwellMs } };
}

/**
 * The camera did not take the order. A preset at fault is left out and reported; after a whole round of them, and when
 * the camera is at fault, the tour waits and tries again, each time longer.
 */
export function failed(run: TourRun, nowMs: number, { code, scope }: TourFailure): TourRun {
  const failures = run.failures + 1;
  const problem = { code, sinceMs: run.problem?.sinceMs ?? nowMs };
  if (scope === 'camera') return { ...run, failures, problem, phase: waiting(nowMs, failures) };
  const skipped = [...run.skipped, { preset: stepOf(run).preset, code, atMs: nowMs }].slice(-MAX_SKIPPED);
  const left = { ...run, step: nextOf(run), skipped, failures };
  const rounds = Math.floor(failures / run.tour.steps.length);
  const nothingWorks = rounds > 0 && failures % run.tour.steps.length === 0;
  return nothingWorks
    ? { ...left, problem, phase: waiting(nowMs, rounds) }
    : { ...left, problem: run.problem, phase: { kind: 'due' } };
}

export function stepOf(run: TourRun): TourStep {
  const step = run.tour.steps[run.step];
  if (!step) throw new RangeError(`tour ${run.tour.id} has no step ${run.step}`);
  return step;
}

function nextOf(run: TourRun): number {
  return (run.step + 1) % run.tour.steps.length;
}

function waiting(nowMs: number, tries: number): TourPhase {
  const delayMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 10));
  return { kind: 'waiting', untilMs: nowMs + delayMs };
}
