import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent } from './events.ts';
import { classificationOf, enabledType, known, live, over, reasoned, remark, stampMs } from './guards.ts';
import { INCIDENT_CAPS, activeAssignments, type Incident } from './incident.ts';
import { clocksOf } from './incident-clocks.ts';
import { no } from './refusals.ts';

type Decision = Result<readonly DispatchEvent[]>;

/** The danger is over. Somebody of ours must have been there, or an agency must have taken it. */
export function control(board: Board, command: CommandOf<'control'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.life.kind === 'controlled') return no('incident-controlled', 'it is under control already');
  if (found.value.classification === null)
    return no('incident-not-classified', 'an incident is classified before it is controlled');
  if (!wasAttended(found.value))
    return no('incident-nobody-attended', 'no unit was on the scene and no agency took it');
  return ok([{ kind: 'incident:controlled', ...stampOf(found.value, context) }]);
}

function wasAttended(incident: Incident): boolean {
  const taken = incident.referrals.some(({ answer }) => answer?.kind === 'taken');
  return taken || clocksOf(incident).arrivedAtMs !== null;
}

/** Every unit is cleared first: closing never sends anybody home by itself. */
export function close(board: Board, command: CommandOf<'close'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.classification === null)
    return no('incident-not-classified', 'an incident is classified before it is closed');
  const busy = busyUnits(found.value);
  if (busy) return busy;
  const note = remark(command.note, INCIDENT_CAPS.narrativeChars);
  if (!note.ok) return note;
  const { disposition } = command;
  return ok([{ kind: 'incident:closed', ...stampOf(found.value, context), disposition, note: note.value }]);
}

/** Was none (false call, nuisance, not found). A duplicate is merged instead. */
export function dismiss(board: Board, command: CommandOf<'dismiss'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const busy = busyUnits(found.value);
  if (busy) return busy;
  const note = remark(command.note, INCIDENT_CAPS.narrativeChars);
  if (!note.ok) return note;
  const { cause } = command;
  return ok([{ kind: 'incident:dismissed', ...stampOf(found.value, context), cause, note: note.value }]);
}

function busyUnits(incident: Incident): Result<never> | null {
  const unitIds = activeAssignments(incident).map(({ unitId }) => unitId);
  if (unitIds.length === 0) return null;
  return no('incident-has-active-units', 'units are still with this incident', { unitIds });
}

export function reopen(board: Board, command: CommandOf<'reopen'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  if (found.value.life.kind === 'merged') return over(found.value);
  if (found.value.life.kind === 'open') return no('incident-open', 'it is open');
  const reason = reasoned(command.reason);
  return reason.ok
    ? ok([{ kind: 'incident:reopened', ...stampOf(found.value, context), reason: reason.value }])
    : reason;
}

/** Puts the record of a closed incident right: its type, its priority, how it ended. */
export function amend(board: Board, command: CommandOf<'amend'>, context: DecisionContext): Decision {
  const found = known(board, command.incidentId);
  if (!found.ok) return found;
  const { life } = found.value;
  if (life.kind === 'open' || life.kind === 'controlled')
    return no('incident-open', 'what is open is changed, not amended');
  if (life.kind !== 'closed') return over(found.value);
  const { typeCode, priority = null, disposition = null } = command;
  if (typeCode === undefined && priority === null && disposition === null)
    return no('nothing-to-change', 'an amendment changes the type, the priority or the disposition');
  const reason = reasoned(command.reason);
  if (!reason.ok) return reason;
  const type = typeCode === undefined ? null : enabledType(context, typeCode);
  if (type && !type.ok) return type;
  const classification = type ? classificationOf(type.value) : null;
  const stamp = stampOf(found.value, context);
  return ok([{ kind: 'incident:amended', ...stamp, reason: reason.value, classification, priority, disposition }]);
}

function stampOf(incident: Incident, context: DecisionContext): { incidentId: string; atMs: number; by: string } {
  return { incidentId: incident.id, atMs: stampMs(context, incident), by: context.by };
}
