import { reachedByMs, type AssignmentPhase } from './assignment.ts';
import { isLive, type Incident } from './incident.ts';
import type { DispatchRules } from './rules.ts';

/**
 * The times to store of domain.md 2.4, from t_call to t_close. Each is at or after the ones before it; `null` is a step
 * that did not happen. Derived from what is known, so that a correction of a phase corrects them too.
 */
export interface IncidentClocks {
  readonly callAtMs: number;
  readonly openedAtMs: number;
  readonly classifiedAtMs: number | null;
  readonly dispatchedAtMs: number | null;
  readonly acknowledgedAtMs: number | null;
  readonly enRouteAtMs: number | null;
  readonly arrivedAtMs: number | null;
  readonly controlledAtMs: number | null;
  readonly closedAtMs: number | null;
}

/** The clocks in the order in which they strike. */
export const CLOCK_ORDER = [
  'callAtMs',
  'openedAtMs',
  'classifiedAtMs',
  'dispatchedAtMs',
  'acknowledgedAtMs',
  'enRouteAtMs',
  'arrivedAtMs',
  'controlledAtMs',
  'closedAtMs',
] as const satisfies readonly (keyof IncidentClocks)[];

export function clocksOf(incident: Incident): IncidentClocks {
  const { life } = incident;
  const controlledAtMs = controlledAtMsOf(incident);
  const first = (phase: AssignmentPhase): number | null => firstReachedMs(incident, phase, controlledAtMs);
  return {
    callAtMs: incident.callAtMs,
    openedAtMs: incident.openedAtMs,
    classifiedAtMs: incident.classifiedAtMs,
    dispatchedAtMs: first('assigned'),
    acknowledgedAtMs: first('acknowledged'),
    enRouteAtMs: first('en-route'),
    arrivedAtMs: first('on-scene'),
    controlledAtMs,
    closedAtMs: life.kind === 'closed' ? life.atMs : null,
  };
}

function controlledAtMsOf({ life }: Incident): number | null {
  if (life.kind === 'controlled') return life.atMs;
  return life.kind === 'closed' ? life.controlledAtMs : null;
}

/** Units that came after the danger was over do not make the response faster or slower. */
function firstReachedMs(incident: Incident, phase: AssignmentPhase, controlledAtMs: number | null): number | null {
  const times = incident.assignments
    .filter(({ end }) => end?.cause !== 'moved')
    .map((assignment) => reachedByMs(assignment, phase))
    .filter((atMs) => atMs !== null && (controlledAtMs === null || atMs <= controlledAtMs)) as number[];
  return times.length === 0 ? null : Math.min(...times);
}

/** `calm` in time, `warned` near its target, `overdue` past it, `critical` a supervisor's matter. */
export const ESCALATION_LEVELS = ['calm', 'warned', 'overdue', 'critical'] as const;
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number];

export type TimerKind = 'answer' | 'dispatch' | 'on-scene';

/** One target of an incident and how it stands. A finished one keeps the level at which it ended. */
export interface IncidentTimer {
  readonly kind: TimerKind;
  readonly startMs: number;
  readonly targetMs: number;
  /** `null` while it runs. */
  readonly doneAtMs: number | null;
  readonly elapsedMs: number;
  readonly level: EscalationLevel;
}

/** The timers of an incident at `nowMs`. None runs for one that is over, or that has no priority yet. */
export function timersOf(incident: Incident, nowMs: number, rules: DispatchRules): readonly IncidentTimer[] {
  if (incident.life.kind === 'merged' || incident.life.kind === 'dismissed') return [];
  const clocks = clocksOf(incident);
  // Not classified yet: as urgent as the gravest thing it may turn out to be.
  const targets = rules.targets[incident.priority ?? 'P1'];
  const endMs = incident.life.kind === 'open' ? null : incident.life.atMs;
  const make = (kind: TimerKind, startMs: number, targetMs: number | null, doneAtMs: number | null): IncidentTimer[] =>
    targetMs === null ? [] : [timer(kind, startMs, targetMs, doneAtMs ?? endMs, nowMs, rules)];
  return [
    ...make('answer', clocks.callAtMs, targets.answerMs, clocks.openedAtMs),
    ...make('dispatch', clocks.callAtMs, targets.dispatchMs, dispatchedOrReferredMs(incident, clocks)),
    ...make('on-scene', clocks.callAtMs, targets.onSceneMs, clocks.arrivedAtMs),
  ];
}

/** An agency that took it is an answer too, when no unit of ours was sent. */
function dispatchedOrReferredMs(incident: Incident, clocks: IncidentClocks): number | null {
  const taken = incident.referrals.flatMap(({ answer }) => (answer?.kind === 'taken' ? [answer.atMs] : []));
  const all = [...taken, ...(clocks.dispatchedAtMs === null ? [] : [clocks.dispatchedAtMs])];
  return all.length === 0 ? null : Math.min(...all);
}

function timer(
  kind: TimerKind,
  startMs: number,
  targetMs: number,
  doneAtMs: number | null,
  nowMs: number,
  rules: DispatchRules,
): IncidentTimer {
  const elapsedMs = Math.max(0, (doneAtMs ?? nowMs) - startMs);
  return { kind, startMs, targetMs, doneAtMs, elapsedMs, level: levelOf(elapsedMs / targetMs, rules) };
}

/** The level of something that has used `share` of its time. */
export function levelOf(share: number, rules: DispatchRules): EscalationLevel {
  if (share >= rules.criticalShare) return 'critical';
  if (share > 1) return 'overdue';
  return share >= rules.warnShare ? 'warned' : 'calm';
}

/** The worst level among the timers that still run: what colours the incident on a board and calls the supervisor. */
export function escalationOf(incident: Incident, nowMs: number, rules: DispatchRules): EscalationLevel {
  if (!isLive(incident)) return 'calm';
  const running = timersOf(incident, nowMs, rules).filter(({ doneAtMs }) => doneAtMs === null);
  const worst = Math.max(0, ...running.map(({ level }) => ESCALATION_LEVELS.indexOf(level)));
  return ESCALATION_LEVELS[worst]!;
}
