import { activeAssignments, type Incident } from './incident.ts';
import type { DispatchCommand, Reads } from './commands.ts';
import type { Unit } from './unit.ts';

/** The incidents and units that a decision or a fold may look at. May hold only those that are needed. */
export interface Board {
  incident(id: string): Incident | undefined;
  unit(id: string): Unit | undefined;
}

/** What an event made of the things it touched. */
export interface BoardChange {
  readonly incidents: readonly Incident[];
  readonly units: readonly Unit[];
}

/** A board in memory, for a rebuild from the ledger, a replay and tests. */
export class MemoryBoard implements Board {
  readonly incidents = new Map<string, Incident>();
  readonly units = new Map<string, Unit>();

  incident(id: string): Incident | undefined {
    return this.incidents.get(id);
  }

  unit(id: string): Unit | undefined {
    return this.units.get(id);
  }

  take(change: BoardChange): void {
    for (const incident of change.incidents) this.incidents.set(incident.id, incident);
    for (const unit of change.units) this.units.set(unit.id, unit);
  }
}

/** What has to be on the board too, once what the command names is: see `readBy`. Lock these in the order of their ids. */
export function readAlso(board: Board, command: DispatchCommand): Reads {
  const named = 'incidentId' in command ? board.incident(command.incidentId) : undefined;
  const unit = 'unitId' in command ? board.unit(command.unitId) : undefined;
  const moves = command.kind === 'merge' && named ? activeAssignments(named).map(({ unitId }) => unitId) : [];
  const leaves = command.kind === 'assign' && unit?.state.kind === 'assigned' ? [unit.state.incidentId] : [];
  return { incidentIds: leaves, unitIds: [...new Set(moves)].sort() };
}
