import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import { CALL_CAPS, checkCall } from './call.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent } from './events.ts';
import { classificationOf, enabledType, known, live, over, reasoned, remark, stampMs, tooLong } from './guards.ts';
import { INCIDENT_CAPS, isMasked, type Incident, type IncidentAlarm } from './incident.ts';
import { checkPlace } from './place.ts';
import { no } from './refusals.ts';
import type { Priority } from './vocabulary.ts';

type Decision = Result<readonly DispatchEvent[]>;
interface Stamp {
  readonly incidentId: string;
  readonly atMs: number;
  readonly by: string;
}

/** One look at a masked incident lasts at most this long; then a reason is asked for again. */
export const MAX_UNMASK_MS = 60 * 60_000;

export function openIncident(board: Board, command: CommandOf<'openIncident'>, context: DecisionContext): Decision {
  const { incidentId, call, place } = command;
  if (board.incident(incidentId)) return no('incident-exists', 'an incident with this id exists', { incidentId });
  const atMs = context.nowMs;
  const callAtMs = call?.receivedAtMs ?? atMs;
  const inTime = checkCallTime(callAtMs, context);
  if (!inTime.ok) return inTime;
  if (place !== undefined) {
    const checked = checkPlace(place, context.rules.jurisdiction);
    if (!checked.ok) return checked;
  }
  const stamp: Stamp = { incidentId, atMs, by: context.by };
  const { code, channel, alarm } = command;
  const cameraId = alarm?.cameraId ?? command.cameraId ?? null;
  const opened: DispatchEvent = {
    kind: 'incident:opened',
    ...stamp,
    code,
    channel,
    cameraId,
    callAtMs: Math.min(callAtMs, atMs),
    place: place ?? null,
  };
  const linked = alarm === undefined ? [] : [alarmLinked(alarm, stamp)];
  return joined(
    [opened, ...linked],
    called(command, stamp),
    classified(command, stamp, context),
    narrated(command, stamp),
  );
}

function alarmLinked(alarm: IncidentAlarm, stamp: Stamp): DispatchEvent {
  return { kind: 'incident:alarmLinked', ...stamp, ...alarm };
}

function joined(first: readonly DispatchEvent[], ...rest: readonly Decision[]): Decision {
  const events = [...first];
  for (const one of rest) {
    if (!one.ok) return one;
    events.push(...one.value);
  }
  return ok(events);
}

/** A call is told when it rings; a clock that is a little ahead is forgiven and taken as now. */
function checkCallTime(callAtMs: number, { nowMs, rules }: DecisionContext): Result<null> {
  if (callAtMs > nowMs + rules.maxClockErrorMs) return no('time-in-future', 'a call cannot come later than now');
  if (callAtMs < nowMs - rules.maxLateReportMs) return no('time-too-old', 'a call is entered within 12 hours');
  return ok(null);
}

function called({ call }: CommandOf<'openIncident'>, stamp: Stamp): Decision {
  if (call === undefined) return ok([]);
  const checked = checkCall(call);
  return checked.ok ? ok([{ kind: 'incident:callAdded', ...stamp, call: checked.value }]) : checked;
}

function classified(command: CommandOf<'openIncident'>, stamp: Stamp, context: DecisionContext): Decision {
  const { typeCode, priority, priorityReason } = command;
  if (typeCode === undefined) return ok([]);
  return classifiedAs(typeCode, priority, priorityReason ?? '', stamp, context);
}

function narrated({ narrative }: CommandOf<'openIncident'>, stamp: Stamp): Decision {
  if (narrative === undefined) return ok([]);
  return narration(narrative.id, narrative.text, null, stamp);
}

export function addCall(board: Board, command: CommandOf<'addCall'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.calls.some(({ id }) => id === command.call.id)) return ok([]);
  if (found.value.calls.length >= CALL_CAPS.callsPerIncident)
    return no('calls-full', `an incident has at most ${CALL_CAPS.callsPerIncident} calls`);
  const inTime = checkCallTime(command.call.receivedAtMs, context);
  if (!inTime.ok) return inTime;
  const call = checkCall(command.call);
  return call.ok ? ok([{ kind: 'incident:callAdded', ...stampOf(found.value, context), call: call.value }]) : call;
}

/** A further alarm of the same thing. Which incident an alarm belongs to is kept with the alarm. */
export function linkAlarm(board: Board, command: CommandOf<'linkAlarm'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const { alarms = [] } = found.value;
  if (alarms.some(({ alarmId }) => alarmId === command.alarm.alarmId)) return ok([]);
  if (alarms.length >= INCIDENT_CAPS.alarms)
    return no('alarms-full', `an incident has at most ${INCIDENT_CAPS.alarms} alarms`);
  return ok([alarmLinked(command.alarm, stampOf(found.value, context))]);
}

export function classify(board: Board, command: CommandOf<'classify'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const { typeCode, priority, reason = '' } = command;
  const same = found.value.classification?.typeCode === typeCode;
  if (same && (priority ?? found.value.priority) === found.value.priority) return ok([]);
  return classifiedAs(typeCode, priority, reason, stampOf(found.value, context), context);
}

function classifiedAs(
  typeCode: string,
  priority: Priority | undefined,
  reason: string,
  stamp: Stamp,
  context: DecisionContext,
): Decision {
  const type = enabledType(context, typeCode);
  if (!type.ok) return type;
  const differs = priority !== undefined && priority !== type.value.priority;
  const why = differs ? reasoned(reason, 'priority-needs-reason') : remark(reason);
  if (!why.ok) return why;
  const classification = classificationOf(type.value);
  const set = priority ?? type.value.priority;
  return ok([{ kind: 'incident:classified', ...stamp, classification, priority: set, reason: why.value }]);
}

export function setPriority(board: Board, command: CommandOf<'setPriority'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.classification === null)
    return no('incident-not-classified', 'an incident gets its priority with its type');
  if (found.value.priority === command.priority) return ok([]);
  const reason = reasoned(command.reason, 'priority-needs-reason');
  if (!reason.ok) return reason;
  const { priority } = command;
  return ok([{ kind: 'incident:prioritySet', ...stampOf(found.value, context), priority, reason: reason.value }]);
}

export function relocate(board: Board, command: CommandOf<'relocate'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const place = checkPlace(command.place, context.rules.jurisdiction);
  return place.ok ? ok([{ kind: 'incident:relocated', ...stampOf(found.value, context), place: place.value }]) : place;
}

/** Also to what is closed or dismissed: what comes to be known later belongs to the record. */
export function addNarrative(board: Board, command: CommandOf<'addNarrative'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  const { narratives, life } = found.value;
  if (life.kind === 'merged') return over(found.value);
  if (narratives.some(({ id }) => id === command.narrativeId)) return ok([]);
  if (narratives.length >= INCIDENT_CAPS.narratives)
    return no('narratives-full', `an incident has at most ${INCIDENT_CAPS.narratives} narratives`);
  const { corrects = null } = command;
  if (corrects !== null && !narratives.some(({ id }) => id === corrects))
    return no('narrative-unknown', 'the narrative that is corrected is not of this incident');
  return narration(command.narrativeId, command.text, corrects, stampOf(found.value, context));
}

function narration(id: string, typed: string, corrects: string | null, stamp: Stamp): Decision {
  if (typed.length > INCIDENT_CAPS.narrativeChars) return tooLong(INCIDENT_CAPS.narrativeChars);
  const text = typed.trim();
  if (text === '') return no('narrative-empty', 'a narrative says something');
  const { atMs, by } = stamp;
  return ok([{ kind: 'incident:narrated', ...stamp, narrative: { id, atMs, by, text, corrects } }]);
}

export function mask(board: Board, command: CommandOf<'mask'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  if (isMasked(found.value)) return no('incident-already-masked', 'its personal data is hidden already');
  const reason = reasoned(command.reason);
  return reason.ok ? ok([{ kind: 'incident:masked', ...stampOf(found.value, context), reason: reason.value }]) : reason;
}

/** Takes off a mask put on by hand. The mask of a type goes with the type. */
export function liftMask(board: Board, command: CommandOf<'liftMask'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  if (!found.value.maskedByHand) return no('incident-not-masked', 'its personal data was not hidden by hand');
  const reason = reasoned(command.reason);
  return reason.ok
    ? ok([{ kind: 'incident:maskLifted', ...stampOf(found.value, context), reason: reason.value }])
    : reason;
}

/** Whether the person may is a matter of their role (libs/access); here it gets its reason and its trace. */
export function unmask(board: Board, command: CommandOf<'unmask'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  if (!isMasked(found.value)) return no('incident-not-masked', 'nothing of it is hidden');
  const reason = reasoned(command.reason);
  if (!reason.ok) return reason;
  const stamp = stampOf(found.value, context);
  const forMs = Math.min(MAX_UNMASK_MS, Math.max(0, command.forMs));
  return ok([{ kind: 'incident:unmasked', ...stamp, reason: reason.value, untilMs: stamp.atMs + forMs }]);
}

export function requestBackup(board: Board, command: CommandOf<'requestBackup'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.backup !== null) return no('backup-already-requested', 'support was asked for already');
  const note = remark(command.note);
  return note.ok
    ? ok([{ kind: 'incident:backupRequested', ...stampOf(found.value, context), note: note.value }])
    : note;
}

function stampOf(incident: Incident, context: DecisionContext): Stamp {
  return { incidentId: incident.id, atMs: stampMs(context, incident), by: context.by };
}
