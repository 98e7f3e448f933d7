import type { Board, BoardChange } from './board.ts';
import type { DispatchEvent, DispatchEventKind, EventOf } from './events.ts';
import { foldIncident, openedIncident, type IncidentEvent } from './evolve-incident.ts';
import { foldLink, foldMerge, foldUnlink } from './evolve-relation.ts';
import { foldAssignment, type AssignmentEvent } from './evolve-assignment.ts';
import { foldUnit, registeredUnit, type UnitEvent } from './evolve-unit.ts';

type Fold<K extends DispatchEventKind> = (board: Board, event: EventOf<K>) => BoardChange;

const onIncident = (board: Board, event: IncidentEvent): BoardChange => ({
  incidents: [foldIncident(incidentOf(board, event.incidentId), event)],
  units: [],
});
const onUnit = (board: Board, event: UnitEvent): BoardChange => ({
  incidents: [],
  units: [foldUnit(unitOf(board, event.unitId), event)],
});
const onAssignment = (board: Board, event: AssignmentEvent): BoardChange =>
  foldAssignment(incidentOf(board, event.incidentId), unitOf(board, event.unitId), event);

const FOLDS: { readonly [K in DispatchEventKind]: Fold<K> } = {
  'incident:opened': (_, event) => ({ incidents: [openedIncident(event)], units: [] }),
  'incident:callAdded': onIncident,
  'incident:classified': onIncident,
  'incident:prioritySet': onIncident,
  'incident:relocated': onIncident,
  'incident:narrated': onIncident,
  'incident:masked': onIncident,
  'incident:maskLifted': onIncident,
  'incident:unmasked': onIncident,
  'incident:backupRequested': onIncident,
  'incident:referred': onIncident,
  'incident:referralTaken': onIncident,
  'incident:referralDeclined': onIncident,
  'incident:controlled': onIncident,
  'incident:closed': onIncident,
  'incident:dismissed': onIncident,
  'incident:reopened': onIncident,
  'incident:amended': onIncident,
  'incident:alarmLinked': onIncident,
  'incident:linked': (board, event) =>
    foldLink(incidentOf(board, event.incidentId), incidentOf(board, event.otherId), event),
  'incident:unlinked': (board, event) =>
    foldUnlink(incidentOf(board, event.incidentId), incidentOf(board, event.otherId), event),
  'incident:merged': (board, event) =>
    foldMerge(incidentOf(board, event.incidentId), incidentOf(board, event.survivorId), event, (unitId) =>
      unitOf(board, unitId),
    ),
  'assignment:made': onAssignment,
  'assignment:advanced': onAssignment,
  'assignment:corrected': onAssignment,
  'assignment:ended': onAssignment,
  'unit:registered': (_, event) => ({ incidents: [], units: [registeredUnit(event)] }),
  'unit:changed': onUnit,
  'unit:retired': onUnit,
  'unit:dutyStarted': onUnit,
  'unit:dutyEnded': onUnit,
  'unit:statusChanged': onUnit,
  'unit:checkedIn': onUnit,
  'unit:sosRaised': onUnit,
  'unit:sosAcknowledged': onUnit,
  'unit:sosResolved': onUnit,
  'unit:strayed': onUnit,
  'unit:strayAcknowledged': onUnit,
  'unit:strayEnded': onUnit,
};

/**
 * What an event makes of the incidents and units that it names: the same function behind a command and behind the
 * rebuild from the ledger. It decides nothing. Throws when the board lacks something that the event names: then the
 * ledger is broken, or the caller forgot to load it.
 */
export function evolve(board: Board, event: DispatchEvent): BoardChange {
  const fold = FOLDS[event.kind] as Fold<DispatchEventKind>;
  return fold(board, event);
}

function incidentOf(board: Board, id: string) {
  const incident = board.incident(id);
  if (!incident) throw new Error(`incident ${id} is not on the board`);
  return incident;
}

function unitOf(board: Board, id: string) {
  const unit = board.unit(id);
  if (!unit) throw new Error(`unit ${id} is not on the board`);
  return unit;
}
