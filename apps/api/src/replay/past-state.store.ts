import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Incident, OpenBoard, Reads, Unit } from '#libs/dispatch';

/** One thing as it is at a checkpoint. */
export interface PastState {
  readonly kind: 'incident' | 'unit';
  readonly id: string;
  readonly open: boolean;
  readonly state: Incident | Unit;
}
type Row = Pick<PastState, 'kind' | 'state'>;

/** Name of the cursor in `ledger_cursor`: the last checkpoint. */
export const CHECKPOINTS = 'replay';

/** Queries of the checkpoints. `seq` is one of theirs: a multiple of `CHECKPOINT_ENTRIES`, 0 the empty beginning. */
@Injectable()
export class PastStateStore {
  constructor(private readonly dataSource: DataSource) {}

  async lastCheckpoint(): Promise<number> {
    const rows: { seq: string }[] = await this.dataSource.query('SELECT seq FROM ledger_cursor WHERE name = $1', [
      CHECKPOINTS,
    ]);
    return Number(rows[0]?.seq ?? 0);
  }

  /** Everything that was open. One walk of the index, however long ago it was and however much is over by now. */
  async openAt(seq: number): Promise<OpenBoard> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT kind, state FROM past_state WHERE open AND int8range(from_seq, until_seq, '[]') @> $1::bigint`,
      [seq],
    );
    return boardOf(rows);
  }

  /** These as they were; what did not exist yet is left out. */
  async asOf(
    { incidentIds, unitIds }: Reads,
    seq: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<OpenBoard> {
    if (incidentIds.length + unitIds.length === 0) return { incidents: [], units: [] };
    const rows = await manager.query<Row[]>(
      `SELECT kind, state FROM past_state
       WHERE ((kind = 'incident' AND id = ANY($1::uuid[])) OR (kind = 'unit' AND id = ANY($2::uuid[])))
         AND from_seq <= $3 AND (until_seq IS NULL OR until_seq >= $3)`,
      [[...new Set(incidentIds)], [...new Set(unitIds)], seq],
    );
    return boardOf(rows);
  }

  /** What changed between two checkpoints that follow each other. */
  async add(states: readonly PastState[], before: number, seq: number, manager: EntityManager): Promise<void> {
    const rows = JSON.stringify(states);
    await manager.query(
      `UPDATE past_state SET until_seq = $2 FROM jsonb_to_recordset($1::jsonb) AS changed (kind text, id uuid)
       WHERE past_state.kind = changed.kind AND past_state.id = changed.id AND until_seq IS NULL`,
      [rows, before],
    );
    await manager.query(
      `INSERT INTO past_state (kind, id, from_seq, open, state)
       SELECT kind, id, $2, open, state
       FROM jsonb_to_recordset($1::jsonb) AS changed (kind text, id uuid, open boolean, state jsonb)`,
      [rows, seq],
    );
  }
}

function boardOf(rows: readonly Row[]): OpenBoard {
  return {
    incidents: rows.flatMap(({ kind, state }) => (kind === 'incident' ? [state as Incident] : [])),
    units: rows.flatMap(({ kind, state }) => (kind === 'unit' ? [state as Unit] : [])),
  };
}
