import { distanceM, type GeoPoint } from '#libs/geo';
import { isLive, type Incident } from './incident.ts';
import type { IncidentGroup } from './incident-type.ts';
import type { DispatchRules } from './rules.ts';

/** What is known of a report that is being taken down. */
export interface Report {
  readonly point: GeoPoint;
  /** `null` while no type is chosen: then any group may be the same thing. */
  readonly group: IncidentGroup | null;
  readonly callAtMs: number;
  /** The incident itself, when it is registered already. */
  readonly exceptId?: string | undefined;
}

export interface DuplicateHit {
  readonly incidentId: string;
  readonly code: string;
  readonly distanceM: number;
  /** Between the two calls, whichever came first. */
  readonly apartMs: number;
}

/** Incidents still alive that may be the same thing: near, of late, of the same group. The nearest first. */
export function findDuplicates(
  report: Report,
  incidents: Iterable<Incident>,
  { duplicate }: DispatchRules,
): readonly DuplicateHit[] {
  const hits: DuplicateHit[] = [];
  for (const incident of incidents) {
    const hit = hitOf(report, incident, duplicate.radiusM, duplicate.windowMs);
    if (hit !== null) hits.push(hit);
  }
  return hits.sort((a, b) => a.distanceM - b.distanceM || a.apartMs - b.apartMs || (a.code < b.code ? -1 : 1));
}

function hitOf(report: Report, incident: Incident, radiusM: number, windowMs: number): DuplicateHit | null {
  const { id, code, place, classification } = incident;
  if (id === report.exceptId || !isLive(incident) || !place?.point) return null;
  if (report.group !== null && classification !== null && classification.group !== report.group) return null;
  const apartMs = Math.abs(report.callAtMs - incident.callAtMs);
  if (apartMs > windowMs) return null;
  const awayM = distanceM(report.point, place.point);
  return awayM > radiusM ? null : { incidentId: id, code, distanceM: awayM, apartMs };
}
