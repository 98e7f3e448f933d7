import type { AlarmEnd } from '#libs/wire';
import type { AlarmSignal } from './signal.ts';

/**
 * The course of one alarm of a camera and kind. All times are Unix milliseconds of the centre's clock. It is open while
 * `endedAtMs` is null.
 */
export interface AlarmCourse {
  readonly startedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly endedAtMs: number | null;
  readonly endCause: AlarmEnd | null;
  readonly repeats: number;
  readonly acknowledgedAtMs: number | null;
  /** What holds it open now. */
  readonly origins: readonly string[];
  /** When it ends by itself unless it is told again; `null`: never. */
  readonly quietAtMs: number | null;
}

/** What became of an alarm. `begun` is a new one: the course before it, if any, is over and stays as it was. */
export interface AlarmStep {
  readonly change: 'none' | 'begun' | 'repeated' | 'reopened' | 'ended';
  readonly course: AlarmCourse | undefined;
}

/** What only happens is over so long after it was last told. */
export const HAPPENED_FOR_MS = 10_000;
/**
 * Cameras are asked for the state of everything each ten minutes (SetSynchronizationPoint), so that a state that still
 * holds is told again; some never say that it ended.
 */
export const UNHEARD_FOR_MS = 15 * 60_000;
/** An alarm that somebody has acknowledged takes repeats for so long; then it calls again. */
export const ACKNOWLEDGED_FOR_MS = 15 * 60_000;
/** Rules of one camera that may hold one alarm open. */
const MAX_ORIGINS = 16;

export interface CourseRule {
  /** What begins again within this after its end goes on as the same alarm. */
  readonly cooldownMs: number;
}

/** What a signal makes of the newest alarm of its camera and kind. */
export function onSignal(
  before: AlarmCourse | undefined,
  signal: AlarmSignal,
  nowMs: number,
  rule: CourseRule,
): AlarmStep {
  if (signal.phase === 'ended') return onEnded(before, signal.origin, nowMs);
  if (!before || !goesOn(before, nowMs, rule)) return { change: 'begun', course: newCourse(signal, nowMs) };
  const isOpen = before.endedAtMs === null;
  // A state that is merely told again (Initialized after a renewal) is the same one, not a repetition.
  const isNews = signal.phase === 'happened' || !isOpen || !before.origins.includes(signal.origin);
  const course: AlarmCourse = {
    ...before,
    lastSeenAtMs: nowMs,
    endedAtMs: null,
    endCause: null,
    repeats: before.repeats + (isNews ? 1 : 0),
    origins: isOpen ? withOrigin(before.origins, signal.origin) : [signal.origin],
    quietAtMs: quietAtMs(signal, nowMs, isOpen ? before : undefined),
  };
  return { change: isOpen ? 'repeated' : 'reopened', course };
}

/** Ends what is due by itself. */
export function onTime(before: AlarmCourse, nowMs: number): AlarmStep {
  if (before.endedAtMs !== null || before.quietAtMs === null || nowMs < before.quietAtMs) return unchanged(before);
  // What only happens has no length: it ends where it was last told.
  return { change: 'ended', course: over(before, Math.max(before.lastSeenAtMs, before.quietAtMs), 'quiet') };
}

/** Nobody can say any more whether it goes on. */
export function onLost(before: AlarmCourse, nowMs: number, cause: AlarmEnd): AlarmStep {
  return before.endedAtMs === null ? { change: 'ended', course: over(before, nowMs, cause) } : unchanged(before);
}

function onEnded(before: AlarmCourse | undefined, origin: string, nowMs: number): AlarmStep {
  if (!before || before.endedAtMs !== null || !before.origins.includes(origin)) return unchanged(before);
  const origins = before.origins.filter((one) => one !== origin);
  if (origins.length > 0) return { change: 'none', course: { ...before, origins } };
  return { change: 'ended', course: over(before, nowMs, 'cleared') };
}

function goesOn(before: AlarmCourse, nowMs: number, { cooldownMs }: CourseRule): boolean {
  const tooOld = before.acknowledgedAtMs !== null && nowMs - before.acknowledgedAtMs > ACKNOWLEDGED_FOR_MS;
  if (before.endedAtMs === null) return true;
  return nowMs - before.endedAtMs <= cooldownMs && !tooOld;
}

function newCourse(signal: AlarmSignal, nowMs: number): AlarmCourse {
  return {
    startedAtMs: nowMs,
    lastSeenAtMs: nowMs,
    endedAtMs: null,
    endCause: null,
    repeats: 0,
    acknowledgedAtMs: null,
    origins: [signal.origin],
    quietAtMs: quietAtMs(signal, nowMs, undefined),
  };
}

/** The relay's word holds until it says otherwise; a camera's holds for a while only. */
function quietAtMs(signal: AlarmSignal, nowMs: number, open: AlarmCourse | undefined): number | null {
  if (signal.source !== 'onvif') return null;
  const ownMs = nowMs + (signal.phase === 'happened' ? HAPPENED_FOR_MS : UNHEARD_FOR_MS);
  return Math.max(ownMs, open?.quietAtMs ?? 0);
}

function withOrigin(origins: readonly string[], origin: string): readonly string[] {
  return origins.includes(origin) ? origins : [...origins, origin].slice(-MAX_ORIGINS);
}

function over(before: AlarmCourse, endedAtMs: number, endCause: AlarmEnd): AlarmCourse {
  return { ...before, endedAtMs, endCause, origins: [], quietAtMs: null };
}

function unchanged(course: AlarmCourse | undefined): AlarmStep {
  return { change: 'none', course };
}
