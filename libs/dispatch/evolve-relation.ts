import type { Assignment } from './assignment.ts';
import type { BoardChange } from './board.ts';
import type { EventOf } from './events.ts';
import { activeAssignments, isMasked, type Incident, type LinkRelation } from './incident.ts';
import type { Unit } from './unit.ts';

/** A relation seen from the other side. */
const INVERSE: Readonly<Record<LinkRelation, LinkRelation>> = { related: 'related', parent: 'child', child: 'parent' };

export function foldLink(one: Incident, other: Incident, event: EventOf<'incident:linked'>): BoardChange {
  const updatedAtMs = event.atMs;
  return {
    incidents: [
      { ...one, links: [...one.links, { incidentId: other.id, relation: event.relation }], updatedAtMs },
      { ...other, links: [...other.links, { incidentId: one.id, relation: INVERSE[event.relation] }], updatedAtMs },
    ],
    units: [],
  };
}

export function foldUnlink(one: Incident, other: Incident, event: EventOf<'incident:unlinked'>): BoardChange {
  const without = (incident: Incident, id: string): Incident => ({
    ...incident,
    links: incident.links.filter((link) => link.incidentId !== id),
    updatedAtMs: event.atMs,
  });
  return { incidents: [without(one, other.id), without(other, one.id)], units: [] };
}

/**
 * The merged incident keeps its own record and points to the survivor. The survivor takes the calls, the narratives, the
 * units under way with the times they have reached, the earlier of each clock, what it did not know itself, and a mask.
 */
export function foldMerge(
  merged: Incident,
  survivor: Incident,
  event: EventOf<'incident:merged'>,
  unitOf: (unitId: string) => Unit,
): BoardChange {
  const { atMs, by } = event;
  const moving = activeAssignments(merged);
  return {
    incidents: [
      {
        ...merged,
        assignments: merged.assignments.map((one) => (one.end === null ? movedAway(one, event) : one)),
        life: { kind: 'merged', atMs, by, survivorId: survivor.id },
        updatedAtMs: atMs,
      },
      absorbed(survivor, merged, moving, atMs),
    ],
    units: moving.map(({ unitId }) => movedUnit(unitOf(unitId), survivor.id, atMs)),
  };
}

function movedAway(assignment: Assignment, { atMs, by, survivorId }: EventOf<'incident:merged'>): Assignment {
  return { ...assignment, end: { cause: 'moved', atMs, by, reason: survivorId } };
}

function movedUnit(unit: Unit, incidentId: string, atMs: number): Unit {
  if (unit.state.kind !== 'assigned') throw new Error(`unit ${unit.id} attends nothing that could be moved`);
  return { ...unit, state: { ...unit.state, incidentId }, updatedAtMs: atMs };
}

function absorbed(survivor: Incident, merged: Incident, moving: readonly Assignment[], atMs: number): Incident {
  return {
    ...survivor,
    callAtMs: Math.min(survivor.callAtMs, merged.callAtMs),
    openedAtMs: Math.min(survivor.openedAtMs, merged.openedAtMs),
    classification: survivor.classification ?? merged.classification,
    classifiedAtMs: earlier(survivor.classifiedAtMs, merged.classifiedAtMs),
    priority: survivor.priority ?? merged.priority,
    place: survivor.place ?? merged.place,
    calls: [...survivor.calls, ...merged.calls],
    narratives: [...survivor.narratives, ...merged.narratives].sort((a, b) => a.atMs - b.atMs),
    assignments: [...survivor.assignments, ...moving],
    ...alarmsOfBoth(survivor, merged),
    absorbedIds: [...survivor.absorbedIds, merged.id, ...merged.absorbedIds],
    maskedByHand: survivor.maskedByHand || isMasked(merged),
    updatedAtMs: atMs,
  };
}

/** Said only where there are any. Those of `survivor` count against no cap here: a merge refuses nobody's alarm. */
function alarmsOfBoth(survivor: Incident, merged: Incident): Partial<Incident> {
  const alarms = [...(survivor.alarms ?? []), ...(merged.alarms ?? [])];
  return alarms.length === 0 ? {} : { alarms };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
