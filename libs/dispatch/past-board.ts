import { MemoryBoard, type BoardChange } from './board.ts';
import type { Reads } from './commands.ts';
import type { DispatchEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { isLive, type Incident } from './incident.ts';
import { movedBy, namedBy } from './reads-of-event.ts';
import type { Unit } from './unit.ts';

/** What a screen shows: incidents that were live, and units that were not retired. */
export interface OpenBoard {
  readonly incidents: readonly Incident[];
  readonly units: readonly Unit[];
}

/**
 * The board as it was at some event, carried on event by event with the very fold that made the tables. It begins with
 * what was open at a checkpoint; what is named later and was over by then (a closed incident that is reopened) is lacked,
 * and has to be handed in as it was at that checkpoint.
 */
export class PastBoard {
  private readonly board = new MemoryBoard();

  constructor(open: OpenBoard = { incidents: [], units: [] }) {
    this.add(open);
  }

  /** Hands in what was lacked. What the board has already is later and stays. */
  add({ incidents, units }: OpenBoard): void {
    for (const incident of incidents)
      if (!this.board.incident(incident.id)) this.board.incidents.set(incident.id, incident);
    for (const unit of units) if (!this.board.unit(unit.id)) this.board.units.set(unit.id, unit);
  }

  /** What folding an event looks at and is not here. Ask again after handing it in: a merge names units by its incident. */
  lacks(event: DispatchEvent): Reads {
    if (event.kind === 'incident:opened' || event.kind === 'unit:registered') return { incidentIds: [], unitIds: [] };
    const { incidentIds, unitIds } = namedBy(event);
    return {
      incidentIds: incidentIds.filter((id) => !this.board.incident(id)),
      unitIds: [...unitIds, ...movedBy(this.board, event).unitIds].filter((id) => !this.board.unit(id)),
    };
  }

  /** Folds an event in. Throws as `evolve` does when something is lacked. */
  take(event: DispatchEvent): BoardChange {
    const change = evolve(this.board, event);
    this.board.take(change);
    return change;
  }

  incident(id: string): Incident | undefined {
    return this.board.incident(id);
  }

  unit(id: string): Unit | undefined {
    return this.board.unit(id);
  }

  open(): OpenBoard {
    return {
      incidents: [...this.board.incidents.values()].filter(isLive),
      units: [...this.board.units.values()].filter(({ retiredAtMs }) => retiredAtMs === null),
    };
  }
}
