import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Handover } from '#libs/shift';
import type { HandoverItem, HandoverPage, HandoverQuery } from '#libs/wire';
import { HandoverEntity } from './handover.entity.ts';

/** Queries of handovers, and the one place that writes them. */
@Injectable()
export class HandoverStore {
  constructor(private readonly dataSource: DataSource) {}

  byId(shiftId: string): Promise<HandoverEntity | null> {
    return this.dataSource.manager.findOneBy(HandoverEntity, { shiftId });
  }

  /** The row, held until the transaction ends. */
  lock(shiftId: string, manager: EntityManager): Promise<HandoverEntity | null> {
    return manager.findOne(HandoverEntity, { where: { shiftId }, lock: { mode: 'pessimistic_write' } });
  }

  /** Two who begin at once begin one. */
  async insert(handover: Handover, nowMs: number): Promise<void> {
    const { shift, state } = handover;
    await this.dataSource.query(
      `INSERT INTO handover (shift_id, start_at, status, updated_at, state) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (shift_id) DO NOTHING`,
      [shift.id, new Date(shift.startMs), state.kind, new Date(nowMs), JSON.stringify(handover)],
    );
  }

  async write(
    before: HandoverEntity,
    state: Handover,
    signedSeq: string | null,
    nowMs: number,
    manager: EntityManager,
  ): Promise<HandoverEntity> {
    const status = state.state.kind;
    await manager.query(
      'UPDATE handover SET status = $2, signed_seq = $3, updated_at = $4, state = $5 WHERE shift_id = $1',
      [before.shiftId, status, signedSeq, new Date(nowMs), JSON.stringify(state)],
    );
    return { ...before, status, signedSeq, updatedAt: new Date(nowMs), state };
  }

  /** The hash that the ledger holds of what was signed; `null` when its event is not there or is of something else. */
  async signedHash(shiftId: string, signedSeq: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ sha256: string | null }[]>(
      `SELECT text::jsonb -> 'payload' ->> 'sha256' AS sha256 FROM ledger_entry
       WHERE seq = $1 AND kind = 'handover:signed' AND subject_id = $2`,
      [signedSeq, shiftId],
    );
    return rows[0]?.sha256 ?? null;
  }

  /** The latest first. */
  async page({ limit, beforeMs }: HandoverQuery): Promise<HandoverPage> {
    const where: FindOptionsWhere<HandoverEntity> =
      beforeMs === undefined ? {} : { startAt: LessThan(new Date(beforeMs)) };
    const rows = await this.dataSource.manager.find(HandoverEntity, {
      where,
      order: { startAt: 'DESC', shiftId: 'DESC' },
      take: limit + 1,
    });
    return { items: rows.slice(0, limit).map(itemOf), more: rows.length > limit };
  }
}

function itemOf({ state, updatedAt }: HandoverEntity): HandoverItem {
  const { shift, opened, state: standing } = state;
  return {
    shift,
    state: standing.kind,
    openedBy: opened.name,
    signedBy: standing.kind === 'draft' ? null : standing.signed.name,
    countersignedBy: standing.kind === 'countersigned' ? standing.countersigned.name : null,
    updatedAtMs: updatedAt.getTime(),
  };
}
