import { ok, type Result } from '#libs/base';
import type { Board } from './board.ts';
import type { DecisionContext } from './context.ts';
import { INCIDENT_CAPS, isLive, type Classification, type Incident } from './incident.ts';
import type { IncidentType } from './incident-type.ts';
import { no, type DispatchCode } from './refusals.ts';
import type { Unit } from './unit.ts';

/** The incident, whatever became of it. */
export function known(board: Board, incidentId: string): Result<Incident> {
  const incident = board.incident(incidentId);
  return incident ? ok(incident) : no('incident-unknown', 'no such incident', { incidentId });
}

/** The incident, if work on it may go on. */
export function live(board: Board, incidentId: string): Result<Incident> {
  const found = known(board, incidentId);
  return found.ok && !isLive(found.value) ? over(found.value) : found;
}

/** Why nothing more can be done to an incident that is over. */
export function over({ id, code, life }: Incident): Result<never> {
  const details = { incidentId: id };
  if (life.kind === 'merged')
    return no('incident-merged', `${code} goes on under another incident`, { ...details, survivorId: life.survivorId });
  if (life.kind === 'dismissed') return no('incident-dismissed', `${code} was dismissed`, details);
  return no('incident-closed', `${code} is closed`, details);
}

export function knownUnit(board: Board, unitId: string): Result<Unit> {
  const unit = board.unit(unitId);
  if (!unit) return no('unit-unknown', 'no such unit', { unitId });
  return unit.retiredAtMs === null ? ok(unit) : no('unit-retired', `${unit.callSign} was retired`, { unitId });
}

/** A reason that says something, in bounds. */
export function reasoned(text: string, code: DispatchCode = 'reason-missing'): Result<string> {
  const reason = text.trim();
  if (reason.length < 3) return no(code, 'a reason of at least 3 characters is needed');
  if (reason.length > INCIDENT_CAPS.reasonChars) return tooLong(INCIDENT_CAPS.reasonChars);
  return ok(reason);
}

export function tooLong(maxChars: number): Result<never> {
  return no('text-too-long', `a text has at most ${maxChars} characters here`, { maxChars });
}

/** An optional remark in bounds. */
export function remark(text: string, maxChars: number = INCIDENT_CAPS.reasonChars): Result<string> {
  return text.length > maxChars ? tooLong(maxChars) : ok(text.trim());
}

export function enabledType(context: DecisionContext, typeCode: string): Result<IncidentType> {
  const type = context.catalogue.typeOf(typeCode);
  if (!type) return no('type-unknown', 'the catalogue has no such type', { typeCode });
  return type.enabled ? ok(type) : no('type-disabled', `${typeCode} is switched off in the catalogue`, { typeCode });
}

export function classificationOf({ code, group, masked, video, edan }: IncidentType): Classification {
  return { typeCode: code, group, masked, video, edan };
}

/** The server's clock, held back from going back within the things that an event touches. */
export function stampMs(context: DecisionContext, ...touched: readonly { readonly updatedAtMs: number }[]): number {
  return Math.max(context.nowMs, ...touched.map(({ updatedAtMs }) => updatedAtMs));
}
