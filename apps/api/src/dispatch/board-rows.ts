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
import { IncidentCallEntity } from '../incidents/incident-call.entity.ts';
import { IncidentEntity } from '../incidents/incident.entity.ts';
import { UnitEntity } from '../units/unit.entity.ts';

/**
 * The board of one turn: rows that were read, and what events make of them. The only place that writes the tables of
 * incidents and units: a command and the rebuild from the ledger come through here alike.
 */
export class BoardRows {
  readonly board = new MemoryBoard();
  /** Of what was changed and is not written yet: number of the last event that did. */
  private readonly incidents = new Map<string, number>();
  private readonly units = new Map<string, number>();

  constructor(private readonly manager: EntityManager) {}

  /** Reads what is not on the board yet, in the order of ids, and holds it when told to. What is not there stays away. */
  async load({ incidentIds, unitIds }: Reads, hold: boolean): Promise<void> {
    const missingIncidents = incidentIds.filter((id) => !this.board.incident(id));
    const missingUnits = unitIds.filter((id) => !this.board.unit(id));
    for (const { state } of await this.read<Incident>('incident', missingIncidents, hold))
      this.board.incidents.set(state.id, state);
    for (const { state } of await this.read<Unit>('unit', missingUnits, hold)) this.board.units.set(state.id, state);
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
  async take(event: DispatchEvent, seq: number): Promise<void> {
    const change = evolve(this.board, event);
    this.board.take(change);
    for (const { id } of change.incidents) this.incidents.set(id, seq);
    for (const { id } of change.units) this.units.set(id, seq);
    await this.besideRows(event);
  }

  /** Rows that are no part of a state: who called, who was shown what, which code is the last. */
  private async besideRows(event: DispatchEvent): Promise<void> {
    if (event.kind === 'incident:callAdded') {
      const { id: callId, callerPhone: phone, receivedAtMs } = event.call;
      const { incidentId } = event;
      await this.manager.insert(IncidentCallEntity, { incidentId, callId, phone, receivedAt: new Date(receivedAtMs) });
    } else if (event.kind === 'incident:unmasked') {
      await this.manager.query(
        `INSERT INTO incident_unmask VALUES ($1, $2, $3) ON CONFLICT (incident_id, account_id)
         DO UPDATE SET until_at = greatest(incident_unmask.until_at, excluded.until_at)`,
        [event.incidentId, event.by, new Date(event.untilMs)],
      );
    } else if (event.kind === 'incident:opened') {
      const [year, last] = event.code.split('-').map(Number);
      await this.manager.query(
        `INSERT INTO incident_code VALUES ($1, $2) ON CONFLICT (year)
         DO UPDATE SET last = greatest(incident_code.last, excluded.last)`,
        [year, last],
      );
    }
  }

  /** Writes what was changed since it was last written. */
  async write(): Promise<void> {
    for (const [id, seq] of this.incidents)
      await this.manager.upsert(IncidentEntity, incidentRow(this.board.incident(id)!, seq) as never, ['id']);
    for (const [id, seq] of this.units)
      await this.manager.upsert(UnitEntity, unitRow(this.board.unit(id)!, seq) as never, ['id']);
    this.incidents.clear();
    this.units.clear();
  }
}

function incidentRow(incident: Incident, seq: number): IncidentEntity {
  const { id, code, priority, channel, cameraId, place, openedBy } = incident;
  return {
    id,
    code,
    status: statusOf(incident),
    live: isLive(incident),
    masked: isMasked(incident),
    priority,
    typeCode: incident.classification?.typeCode ?? null,
    channel,
    cameraId,
    sectorId: place?.sectorId ?? null,
    latitudeDeg: place?.point?.latitudeDeg ?? null,
    longitudeDeg: place?.point?.longitudeDeg ?? null,
    callAt: new Date(incident.callAtMs),
    openedAt: new Date(incident.openedAtMs),
    openedBy,
    updatedAt: new Date(incident.updatedAtMs),
    revision: String(seq),
    state: incident,
  };
}

function unitRow(unit: Unit, seq: number): UnitEntity {
  const { id, callSign, kind, sectorId, state } = unit;
  return {
    id,
    callSign,
    kind,
    status: unitStatusOf(unit),
    onDuty: unit.duty !== null,
    inEmergency: unit.sos !== null,
    attendsIncidentId: state.kind === 'assigned' ? state.incidentId : null,
    sectorId,
    retiredAt: unit.retiredAtMs === null ? null : new Date(unit.retiredAtMs),
    updatedAt: new Date(unit.updatedAtMs),
    revision: String(seq),
    state: unit,
  };
}
