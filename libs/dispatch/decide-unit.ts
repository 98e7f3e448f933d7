import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent } from './events.ts';
import { knownUnit, reasoned, remark, stampMs, tooLong } from './guards.ts';
import { INCIDENT_CAPS } from './incident.ts';
import { no } from './refusals.ts';
import { UNIT_CAPS, type CrewMember, type Unit, type UnitProfile } from './unit.ts';

type Decision = Result<readonly DispatchEvent[]>;

export function registerUnit(board: Board, command: CommandOf<'registerUnit'>, context: DecisionContext): Decision {
  const { unitId } = command;
  if (board.unit(unitId)) return no('unit-exists', 'a unit with this id exists', { unitId });
  const profile = checkProfile(command.profile);
  return profile.ok
    ? ok([{ kind: 'unit:registered', unitId, atMs: context.nowMs, by: context.by, profile: profile.value }])
    : profile;
}

export function changeUnit(board: Board, command: CommandOf<'changeUnit'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  const profile = checkProfile(command.profile);
  return profile.ok
    ? ok([{ kind: 'unit:changed', ...stampOf(found.value, context), profile: profile.value }])
    : profile;
}

function checkProfile(profile: UnitProfile): Result<UnitProfile> {
  const callSign = profile.callSign.trim();
  if (callSign === '') return no('nothing-to-change', 'a unit has a call sign');
  if (callSign.length > UNIT_CAPS.callSign) return tooLong(UNIT_CAPS.callSign);
  if ((profile.vehicle?.plate.length ?? 0) > UNIT_CAPS.plate) return tooLong(UNIT_CAPS.plate);
  if (profile.equipment.length > UNIT_CAPS.equipment) return tooLong(UNIT_CAPS.equipment);
  if (profile.equipment.some(({ length }) => length > UNIT_CAPS.equipmentName)) return tooLong(UNIT_CAPS.equipmentName);
  return ok({ ...profile, callSign });
}

export function retireUnit(board: Board, command: CommandOf<'retireUnit'>, context: DecisionContext): Decision {
  const found = freeUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.sos !== null) return no('unit-in-emergency', 'its cry for help is not resolved');
  if (found.value.duty !== null) return no('unit-on-duty', 'a unit signs off before it is retired');
  const reason = reasoned(command.reason);
  return reason.ok ? ok([{ kind: 'unit:retired', ...stampOf(found.value, context), reason: reason.value }]) : reason;
}

/** A crew signs on. Nobody is in two crews; who is not on the roster needs a reason. */
export function startDuty(board: Board, command: CommandOf<'startDuty'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.duty !== null) return no('unit-on-duty', `${found.value.callSign} is on duty already`);
  const { startKm, crew } = command;
  const shiftId = command.shiftId ?? context.roll?.shiftId ?? null;
  const reason = checkCrew(crew, found.value, context, command.overrideReason ?? '');
  if (!reason.ok) return reason;
  const stamp = stampOf(found.value, context);
  return ok([{ kind: 'unit:dutyStarted', ...stamp, shiftId, crew, startKm, reason: reason.value }]);
}

/** Answers the reason for taking somebody who is not on the roster; empty when all are. */
function checkCrew(
  crew: readonly CrewMember[],
  unit: Unit,
  context: DecisionContext,
  overrideReason: string,
): Result<string> {
  if (crew.length === 0) return no('unit-without-crew', 'somebody has to be in the unit');
  if (crew.length > UNIT_CAPS.crew) return no('crew-too-large', `a crew has at most ${UNIT_CAPS.crew} members`);
  const ids = crew.map(({ staffId }) => staffId);
  const elsewhere = ids.find((id, index) => ids.indexOf(id) !== index || context.crewElsewhere(id, unit.id));
  if (elsewhere !== undefined)
    return no('crew-on-another-unit', 'a person is in one crew at a time', { staffId: elsewhere });
  const stranger = context.roll === null ? undefined : ids.find((id) => !context.roll?.staffIds.has(id));
  if (stranger === undefined) return ok('');
  if (overrideReason.trim() === '')
    return no('crew-not-on-roster', 'a person is not on the roster of this shift', { staffId: stranger });
  return reasoned(overrideReason, 'override-needs-reason');
}

export function endDuty(board: Board, command: CommandOf<'endDuty'>, context: DecisionContext): Decision {
  const found = freeUnit(board, command.unitId);
  if (!found.ok) return found;
  const { duty, sos } = found.value;
  if (duty === null) return no('unit-off-duty', `${found.value.callSign} is not on duty`);
  if (sos !== null) return no('unit-in-emergency', 'its cry for help is not resolved');
  if (duty.startKm !== null && command.endKm !== null && command.endKm < duty.startKm)
    return no('vehicle-km-backwards', 'the kilometres at the end are at least those of the start', {
      startKm: duty.startKm,
    });
  return ok([{ kind: 'unit:dutyEnded', ...stampOf(found.value, context), endKm: command.endKm }]);
}

export function setUnitStatus(board: Board, command: CommandOf<'setUnitStatus'>, context: DecisionContext): Decision {
  const found = freeUnit(board, command.unitId);
  if (!found.ok) return found;
  const { state, duty, callSign } = found.value;
  const { status } = command;
  if (state.kind === 'free' && state.status === status) return ok([]);
  const needsCrew = status !== 'out-of-service' && status !== 'maintenance';
  if (needsCrew && duty === null) return no('unit-off-duty', `nobody has signed on to ${callSign}`);
  const reason = remark(command.reason);
  return reason.ok
    ? ok([{ kind: 'unit:statusChanged', ...stampOf(found.value, context), status, reason: reason.value }])
    : reason;
}

export function checkIn(board: Board, command: CommandOf<'checkIn'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.duty === null) return no('unit-off-duty', `nobody has signed on to ${found.value.callSign}`);
  return ok([{ kind: 'unit:checkedIn', ...stampOf(found.value, context) }]);
}

/** Whoever cries for help is heard, on duty or not. The button pressed again changes nothing. */
export function raiseSos(board: Board, command: CommandOf<'raiseSos'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.sos !== null) return ok([]);
  return ok([{ kind: 'unit:sosRaised', ...stampOf(found.value, context), point: command.point }]);
}

export function acknowledgeSos(board: Board, command: CommandOf<'acknowledgeSos'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.sos === null) return no('sos-none', `${found.value.callSign} does not ask for help`);
  if (found.value.sos.kind === 'acknowledged')
    return no('sos-already-acknowledged', 'somebody has taken it', { by: found.value.sos.acknowledgedBy });
  return ok([{ kind: 'unit:sosAcknowledged', ...stampOf(found.value, context) }]);
}

/** First somebody takes it, then somebody says how it ended: no cry is wiped away unseen. */
export function resolveSos(board: Board, command: CommandOf<'resolveSos'>, context: DecisionContext): Decision {
  const found = knownUnit(board, command.unitId);
  if (!found.ok) return found;
  if (found.value.sos === null) return no('sos-none', `${found.value.callSign} does not ask for help`);
  if (found.value.sos.kind === 'raised') return no('sos-not-acknowledged', 'nobody has taken it yet');
  const outcome = reasoned(command.outcome);
  if (!outcome.ok) return outcome;
  if (outcome.value.length > INCIDENT_CAPS.reasonChars) return tooLong(INCIDENT_CAPS.reasonChars);
  return ok([{ kind: 'unit:sosResolved', ...stampOf(found.value, context), outcome: outcome.value }]);
}

function freeUnit(board: Board, unitId: string): Result<Unit> {
  const found = knownUnit(board, unitId);
  if (!found.ok || found.value.state.kind === 'free') return found;
  const { incidentId, phase } = found.value.state;
  return no('unit-is-assigned', `${found.value.callSign} attends an incident`, { unitId, incidentId, phase });
}

function stampOf(unit: Unit, context: DecisionContext): { unitId: string; atMs: number; by: string } {
  return { unitId: unit.id, atMs: stampMs(context, unit), by: context.by };
}
