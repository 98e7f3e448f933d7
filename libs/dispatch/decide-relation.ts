import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import { CALL_CAPS } from './call.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent } from './events.ts';
import { known, live, reasoned, remark, stampMs, tooLong } from './guards.ts';
import { INCIDENT_CAPS, activeAssignments, type Incident, type Referral } from './incident.ts';
import { no } from './refusals.ts';

type Decision = Result<readonly DispatchEvent[]>;

const MAX_TAKEN_BY_CHARS = 120;

/** Two incidents that belong together. A parent (a major incident) is no child, and a child has one parent. */
export function link(board: Board, command: CommandOf<'link'>, context: DecisionContext): Decision {
  const { incidentId, otherId, relation } = command;
  if (incidentId === otherId) return no('link-with-itself', 'an incident is not linked with itself');
  const one = known(board, incidentId);
  if (!one.ok) return one;
  const other = known(board, otherId);
  if (!other.ok) return other;
  if (one.value.links.some((link) => link.incidentId === otherId))
    return no('link-exists', 'the two are linked already', { otherId });
  if ([one.value, other.value].some(({ links }) => links.length >= INCIDENT_CAPS.links))
    return no('links-full', `an incident has at most ${INCIDENT_CAPS.links} links`);
  const [parent, child] = relation === 'parent' ? [other.value, one.value] : [one.value, other.value];
  if (relation !== 'related' && (isLinkedAs(parent, 'parent') || hasFamily(child)))
    return no('link-too-deep', 'a parent is no child, and a child has one parent and no children');
  const atMs = stampMs(context, one.value, other.value);
  return ok([{ kind: 'incident:linked', incidentId, otherId, relation, atMs, by: context.by }]);
}

function isLinkedAs({ links }: Incident, relation: 'parent' | 'child'): boolean {
  return links.some((link) => link.relation === relation);
}

function hasFamily(incident: Incident): boolean {
  return isLinkedAs(incident, 'parent') || isLinkedAs(incident, 'child');
}

export function unlink(board: Board, command: CommandOf<'unlink'>, context: DecisionContext): Decision {
  const { incidentId, otherId } = command;
  const one = known(board, incidentId);
  if (!one.ok) return one;
  const other = known(board, otherId);
  if (!other.ok) return other;
  if (!one.value.links.some((link) => link.incidentId === otherId))
    return no('link-unknown', 'the two are not linked', { otherId });
  const atMs = stampMs(context, one.value, other.value);
  return ok([{ kind: 'incident:unlinked', incidentId, otherId, atMs, by: context.by }]);
}

/**
 * Two reports of one thing become one incident. The survivor keeps all callers and narratives, and takes over the units
 * that are under way, if `moveUnits` says so: without it such a merge is refused, so that nobody moves units by accident.
 */
export function merge(board: Board, command: CommandOf<'merge'>, context: DecisionContext): Decision {
  const { incidentId, survivorId } = command;
  if (incidentId === survivorId) return no('merge-with-itself', 'an incident is not merged into itself');
  const one = live(board, incidentId);
  if (!one.ok) return one;
  const survivor = live(board, survivorId);
  if (!survivor.ok) return survivor;
  const moving = activeAssignments(one.value).map(({ unitId }) => unitId);
  if (moving.length > 0 && !command.moveUnits)
    return no('merge-moves-units', 'units are under way to the incident that would be merged', { unitIds: moving });
  const full = overflow(one.value, survivor.value, moving.length);
  if (full) return full;
  const units = moving.flatMap((unitId) => board.unit(unitId) ?? []);
  const atMs = stampMs(context, one.value, survivor.value, ...units);
  return ok([{ kind: 'incident:merged', incidentId, survivorId, atMs, by: context.by }]);
}

function overflow(one: Incident, survivor: Incident, moving: number): Result<never> | null {
  if (one.calls.length + survivor.calls.length > CALL_CAPS.callsPerIncident)
    return no('calls-full', `an incident has at most ${CALL_CAPS.callsPerIncident} calls`);
  if (one.narratives.length + survivor.narratives.length > INCIDENT_CAPS.narratives)
    return no('narratives-full', `an incident has at most ${INCIDENT_CAPS.narratives} narratives`);
  if (survivor.assignments.length + moving > INCIDENT_CAPS.assignments)
    return no('assignments-full', `an incident has at most ${INCIDENT_CAPS.assignments} assignments`);
  return null;
}

/** Hands it, or a part of it, to another agency. Each agency has one open referral at a time. */
export function refer(board: Board, command: CommandOf<'refer'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const { referralId, agency } = command;
  const { referrals } = found.value;
  if (referrals.some(({ id }) => id === referralId)) return ok([]);
  if (referrals.some((one) => one.agency === agency && one.answer === null))
    return no('referral-already-open', 'this agency was asked and has not answered yet', { agency });
  if (referrals.length >= INCIDENT_CAPS.referrals)
    return no('referrals-full', `an incident has at most ${INCIDENT_CAPS.referrals} referrals`);
  const note = remark(command.note, INCIDENT_CAPS.narrativeChars);
  if (!note.ok) return note;
  return ok([{ kind: 'incident:referred', ...stampOf(found.value, context), referralId, agency, note: note.value }]);
}

export function referralTaken(board: Board, command: CommandOf<'referralTaken'>, context: DecisionContext): Decision {
  const open = openReferral(board, command.incidentId, command.referralId);
  if (!open.ok) return open;
  const who = taker(command.takenBy);
  if (!who.ok) return who;
  const reference = remark(command.reference, MAX_TAKEN_BY_CHARS);
  if (!reference.ok) return reference;
  const { referralId } = command;
  const stamp = stampOf(open.value.incident, context);
  const [takenBy, number] = [who.value, reference.value];
  return ok([{ kind: 'incident:referralTaken', ...stamp, referralId, takenBy, reference: number }]);
}

export function referralDeclined(
  board: Board,
  command: CommandOf<'referralDeclined'>,
  context: DecisionContext,
): Decision {
  const open = openReferral(board, command.incidentId, command.referralId);
  if (!open.ok) return open;
  const who = taker(command.takenBy);
  if (!who.ok) return who;
  const reason = reasoned(command.reason);
  if (!reason.ok) return reason;
  const { referralId } = command;
  const stamp = stampOf(open.value.incident, context);
  const [takenBy, why] = [who.value, reason.value];
  return ok([{ kind: 'incident:referralDeclined', ...stamp, referralId, takenBy, reason: why }]);
}

/** Answers may come after the incident was closed: the police take their time. */
function openReferral(
  board: Board,
  incidentId: string,
  referralId: string,
): Result<{ readonly incident: Incident; readonly referral: Referral }> {
  const found = known(board, incidentId);
  if (!found.ok) return found;
  const referral = found.value.referrals.find(({ id }) => id === referralId);
  if (!referral) return no('referral-unknown', 'the incident has no such referral', { referralId });
  if (referral.answer !== null) return no('referral-already-answered', 'this referral was answered', { referralId });
  return ok({ incident: found.value, referral });
}

function taker(typed: string): Result<string> {
  const name = typed.trim();
  if (name.length < 2) return no('reason-missing', 'say who answered for the agency');
  return name.length > MAX_TAKEN_BY_CHARS ? tooLong(MAX_TAKEN_BY_CHARS) : ok(name);
}

function stampOf(incident: Incident, context: DecisionContext): { incidentId: string; atMs: number; by: string } {
  return { incidentId: incident.id, atMs: stampMs(context, incident), by: context.by };
}
