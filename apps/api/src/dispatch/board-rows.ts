import type { EntityManager } from 'typeorm';
import {
  MemoryBoard,
  evolve,
  isLive,
  isMasked,
  statusOf,
  unitStatusOf,
  type DispatchEvent,
  type Incident,
  type Reads,
  type Unit,
} from '#libs/dispatch';

/**
 * The board of one turn: rows that were read, and what events make of them. The only place that writes the tables of
 * incidents and units: a command and the rebuild from the ledger come through here alike.
 */
export class BoardRows {
  readonly board = new MemoryBoard();
  /** Of what was changed and is not written yet: number of the last event that did. */
  private readonly incidents = new Map<string, number>();
  private readonly units = new Map<string, number>();
  private readonly events: DispatchEvent[] = [];

  constructor(
    private readonly manager: EntityManager,
    /** The connection takes statements before the last was answered: the ledger's does. */
    private readonly pipelined: boolean,
  ) {}

  /** Reads what is not on the board yet, in the order of ids, and holds it when told to. What is not there stays away. */
  async load({ incidentIds, unitIds }: Reads, hold: boolean): Promise<void> {
    const missingIncidents = incidentIds.filter((id) => !this.board.incident(id));
    const missingUnits = unitIds.filter((id) => !this.board.unit(id));
    await this.each([
      async () => {
        const rows = await this.read<Incident>('incident', missingIncidents, hold);
        for (const { state } of rows) this.board.incidents.set(state.id, state);
      },
      async () => {
        const rows = await this.read<Unit>('unit', missingUnits, hold);
        for (const { state } of rows) this.board.units.set(state.id, state);
      },
    ]);
  }

  private async read<T>(
    table: 'incident' | 'unit',
    ids: readonly string[],
    hold: boolean,
  ): Promise<{ readonly state: T }[]> {
    if (ids.length === 0) return [];
    const held = hold ? 'FOR UPDATE' : '';
    return this.manager.query(`SELECT state FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id ${held}`, [[...ids]]);
  }

  /** Folds an event in; `seq` is its number in the ledger. What it names must be on the board. */
  take(event: DispatchEvent, seq: number): void {
    const change = evolve(this.board, event);
    this.board.take(change);
    for (const { id } of change.incidents) this.incidents.set(id, seq);
    for (const { id } of change.units) this.units.set(id, seq);
    this.events.push(event);
  }

  /** Writes what was changed since it was last written. The connection keeps the order. */
  async write(): Promise<void> {
    const statements = [
      ...[...this.incidents].map(([id, seq]) => upsert('incident', incidentRow(this.board.incident(id)!, seq))),
      ...[...this.units].map(([id, seq]) => upsert('unit', unitRow(this.board.unit(id)!, seq))),
      ...this.events.flatMap(besideRows),
    ];
    this.incidents.clear();
    this.units.clear();
    this.events.length = 0;
    await this.each(
      statements.map(
        ({ sql, values }) =>
          () =>
            this.manager.query(sql, [...values]),
      ),
    );
  }

  private async each(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
    if (this.pipelined) await Promise.all(tasks.map((task) => task()));
    else for (const task of tasks) await task();
  }
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Rows that are no part of a state: who called, who was shown what, which code is the last. */
function besideRows(event: DispatchEvent): Statement[] {
  switch (event.kind) {
    case 'incident:callAdded': {
      const { id, callerPhone, receivedAtMs } = event.call;
      const sql = 'INSERT INTO incident_call (incident_id, call_id, phone, received_at) VALUES ($1, $2, $3, $4)';
      return [{ sql, values: [event.incidentId, id, callerPhone, new Date(receivedAtMs)] }];
    }
    case 'incident:unmasked': {
      const sql = `INSERT INTO incident_unmask (incident_id, account_id, until_at) VALUES ($1, $2, $3)
        ON CONFLICT (incident_id, account_id) DO UPDATE SET until_at = greatest(incident_unmask.until_at, excluded.until_at)`;
      return [{ sql, values: [event.incidentId, event.by, new Date(event.untilMs)] }];
    }
    case 'incident:opened': {
      const sql = `INSERT INTO incident_code (year, last) VALUES ($1, $2)
        ON CONFLICT (year) DO UPDATE SET last = greatest(incident_code.last, excluded.last)`;
      return [{ sql, values: event.code.split('-').map(Number) }];
    }
    default:
      return [];
  }
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** Members of a row are named as its columns. */
function upsert(table: 'incident' | 'unit', row: Row): Statement {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const changes = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`;
  return { sql, values: Object.values(row) };
}

function incidentRow(incident: Incident, seq: number): Row {
  const { id, code, priority, channel, cameraId, place, openedBy } = incident;
  return {
    id,
    code,
    status: statusOf(incident),
    live: isLive(incident),
    masked: isMasked(incident),
    priority,
    type_code: incident.classification?.typeCode ?? null,
    channel,
    camera_id: cameraId,
    sector_id: place?.sectorId ?? null,
    latitude_deg: place?.point?.latitudeDeg ?? null,
    longitude_deg: place?.point?.longitudeDeg ?? null,
    call_at: new Date(incident.callAtMs),
    opened_at: new Date(incident.openedAtMs),
    opened_by: openedBy,
    updated_at: new Date(incident.updatedAtMs),
    revision: seq,
    state: JSON.stringify(incident),
  };
}

function unitRow(unit: Unit, seq: number): Row {
  const { id, callSign, kind, sectorId, state } = unit;
  return {
    id,
    call_sign: callSign,
    kind,
    status: unitStatusOf(unit),
    on_duty: unit.duty !== null,
    in_emergency: unit.sos !== null,
    attends_incident_id: state.kind === 'assigned' ? state.incidentId : null,
    sector_id: sectorId,
    retired_at: unit.retiredAtMs === null ? null : new Date(unit.retiredAtMs),
    updated_at: new Date(unit.updatedAtMs),
    revision: seq,
    state: JSON.stringify(unit),
  };
}
