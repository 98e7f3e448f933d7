import { redactFor, type RedactedIncident } from '#libs/access';
import {
  activeAssignments,
  clocksOf,
  isMasked,
  statusOf,
  timersOf,
  type DispatchRules,
  type Incident,
} from '#libs/dispatch';
import type { IncidentDetail, IncidentItem } from '#libs/wire';
import { audienceOf, type IncidentSource, type Reader } from './incident-source.ts';

/** The incident as somebody may see it now. */
export function redactedFor(reader: Reader, source: IncidentSource, nowMs: number): RedactedIncident {
  return redactFor(audienceOf(reader, source, nowMs), source.incident);
}

/** One line of a board. */
export function itemFor(reader: Reader, source: IncidentSource, nowMs: number, rules: DispatchRules): IncidentItem {
  return itemOf(redactedFor(reader, source, nowMs), source, nowMs, rules);
}

/** The same of one that is redacted already. */
export function itemOf(
  incident: RedactedIncident,
  { revision, callSigns }: Pick<IncidentSource, 'revision' | 'callSigns'>,
  nowMs: number,
  rules: DispatchRules,
): IncidentItem {
  const { id, code, priority, classification, channel, cameraId, place, hidden } = incident;
  return {
    id,
    code,
    status: statusOf(incident),
    priority,
    classification,
    channel,
    cameraId,
    place,
    masked: isMasked(incident),
    hidden: [...hidden],
    clocks: clocksOf(incident),
    timers: [...timersOf(incident, nowMs, rules)],
    units: activeAssignments(incident).map(({ unitId, phase }) => ({
      unitId,
      callSign: callSigns.get(unitId) ?? '',
      phase,
    })),
    backupRequested: incident.backup !== null,
    reopened: incident.reopenings.length > 0,
    revision,
  };
}

/** Everything of it. `cameraIds` and `names` are looked up by the caller. */
export function detailFor(
  reader: Reader,
  source: IncidentSource,
  nowMs: number,
  rules: DispatchRules,
  found: Pick<IncidentDetail, 'cameraIds' | 'names'>,
): IncidentDetail {
  const incident = redactedFor(reader, source, nowMs);
  const { openedBy, calls, narratives, assignments, referrals, links, absorbedIds, reopenings, life } = incident;
  const { alarms = [] } = incident;
  const shown = { openedBy, calls, narratives, assignments, referrals, links, alarms, absorbedIds, reopenings, life };
  // The state is read-only; a view is the reader's own.
  return {
    ...itemOf(incident, source, nowMs, rules),
    ...(structuredClone(shown) as typeof shown & IncidentDetail),
    ...found,
  };
}

/** Accounts that did something to it. */
export function accountsOf(incident: Incident): string[] {
  const { openedBy, narratives, assignments, referrals, reopenings, life } = incident;
  const ids = [openedBy, ...[...narratives, ...assignments, ...referrals, ...reopenings].map(({ by }) => by)];
  ids.push(...assignments.flatMap(({ end }) => (end === null ? [] : [end.by])));
  if (life.kind !== 'open') ids.push(life.by);
  return [...new Set(ids)];
}
