import type { Board } from './board.ts';
import type { Reads } from './commands.ts';
import type { DispatchEvent } from './events.ts';
import { activeAssignments } from './incident.ts';

/** Incidents and units that folding an event looks at. */
export function namedBy(event: DispatchEvent): Reads {
  const incidentIds = ['incidentId', 'otherId', 'survivorId'].flatMap((name) => idsIn(event, name));
  return { incidentIds, unitIds: idsIn(event, 'unitId') };
}

/** A merge takes along the units under way: known once the incident is on the board. */
export function movedBy(board: Board, event: DispatchEvent): Reads {
  const merged = event.kind === 'incident:merged' ? board.incident(event.incidentId) : undefined;
  return { incidentIds: [], unitIds: merged ? activeAssignments(merged).map(({ unitId }) => unitId) : [] };
}

function idsIn(event: DispatchEvent, name: string): string[] {
  const id: unknown = (event as unknown as Record<string, unknown>)[name];
  return typeof id === 'string' ? [id] : [];
}
