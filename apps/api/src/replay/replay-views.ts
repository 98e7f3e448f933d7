import { DEFAULT_AGE_BOUNDS, ageOf } from '#libs/avl';
import { ledgerEventFor, redactEventFor, redactFor } from '#libs/access';
import {
  activeAssignments,
  type DispatchEvent,
  type DispatchRules,
  type Incident,
  type PastBoard,
} from '#libs/dispatch';
import type { LedgerEvent } from '#libs/ledger';
import type { IncidentItem, ReplayChangeView, ReplayOpeningView, UnitPositionView } from '#libs/wire';
import { audienceOf, type IncidentSource } from '../incidents/incident-source.ts';
import type { Reader } from '../incidents/incident-source.ts';
import { itemOf } from '../incidents/incident-views.ts';
import type { PastFix } from './past-track.store.ts';
import type { ReplayOpeningEntity } from './replay-opening.entity.ts';

/** An incident as it was, with the call signs of its units as they were. */
export interface PastIncident {
  readonly incident: Incident;
  readonly callSigns: ReadonlyMap<string, string>;
  /** The entry after which it was so. */
  readonly seq: number;
}

/** Who looks, and what they may see of each incident as it is today. */
export interface Looker {
  readonly reader: Reader;
  readonly today: ReadonlyMap<string, IncidentSource>;
  readonly nowMs: number;
  readonly rules: DispatchRules;
}

export function pastIncident(incident: Incident, past: PastBoard, seq: number): PastIncident {
  const units = activeAssignments(incident).map(({ unitId }) => [unitId, past.unit(unitId)?.callSign ?? ''] as const);
  return { incident, callSigns: new Map(units), seq };
}

/** As it was, with no more of it than this reader may see of it today. One that is not there today is nobody's to see. */
export function pastItem({ incident, callSigns, seq }: PastIncident, atMs: number, looker: Looker): IncidentItem[] {
  const today = looker.today.get(incident.id);
  if (!today) return [];
  const redacted = redactFor(audienceOf(looker.reader, today, looker.nowMs), incident, today.incident);
  return [itemOf(redacted, { revision: seq, callSigns }, atMs, looker.rules)];
}

/** A line of the log. What is told of an incident is redacted by the incident, everything else by the rules of the ledger. */
export function lineFor(
  entry: LedgerEvent,
  event: DispatchEvent | undefined,
  looker: Looker,
): ReplayChangeView['line'] {
  const by = { by: entry.actor.id, byName: entry.actor.name ?? '' };
  if (event && 'incidentId' in event) {
    const today = looker.today.get(event.incidentId);
    if (!today) return null;
    const { hidden, ...shown } = redactEventFor(audienceOf(looker.reader, today, looker.nowMs), event, today.incident);
    return { ...by, hidden: [...hidden], event: { ...shown } };
  }
  const seen = ledgerEventFor(looker.reader.role, entry);
  if (!seen) return null;
  const { kind, subject, payload, redacted } = seen;
  return { ...by, hidden: [...redacted], event: { ...payload, kind, [`${subject.type}Id`]: subject.id } };
}

export function positionView(fix: PastFix | undefined, atMs: number): UnitPositionView | undefined {
  if (!fix) return undefined;
  const [takenAtMs, latitudeDeg, longitudeDeg, bearingDeg, speedKmh] = fix;
  return {
    point: { latitudeDeg, longitudeDeg },
    takenAtMs,
    speedKmh,
    bearingDeg,
    accuracyM: null,
    batteryShare: null,
    age: ageOf(takenAtMs, atMs, DEFAULT_AGE_BOUNDS),
  };
}

export function openingView(row: ReplayOpeningEntity): ReplayOpeningView {
  const { id, fromAt, toAt, incidentId, reason, expiresAt } = row;
  return {
    id,
    fromMs: fromAt.getTime(),
    toMs: toAt.getTime(),
    incidentId,
    reason,
    expiresAtMs: expiresAt.getTime(),
  };
}
