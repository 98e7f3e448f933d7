import { Injectable } from '@nestjs/common';
import {
  And,
  DataSource,
  LessThan,
  LessThanOrEqual,
  MoreThanOrEqual,
  type EntityManager,
  type FindOptionsWhere,
} from 'typeorm';
import {
  EMPTY_HEAD,
  parseEvent,
  sqlSource,
  type LedgerEvent,
  type LedgerHead,
  type LedgerSource,
  type SignedHead,
} from '#libs/ledger';
import type { LedgerQuery } from '#libs/wire';
import { LedgerCursorEntity } from './ledger-cursor.entity.ts';
import { LedgerEntryEntity } from './ledger-entry.entity.ts';
import { LedgerHeadEntity } from './ledger-head.entity.ts';
import { LedgerVerificationEntity } from './ledger-verification.entity.ts';

/** Verifications that are kept, for the page and for who asks how often it was done. */
const MAX_VERIFICATIONS = 1_000;

/** Queries of the ledger. Entries are written by the writer alone. */
@Injectable()
export class LedgerStore {
  constructor(private readonly dataSource: DataSource) {}

  async head(): Promise<LedgerHead> {
    const [last] = await this.dataSource.manager.find(LedgerEntryEntity, { order: { seq: 'DESC' }, take: 1 });
    return last ? { seq: Number(last.seq), hash: last.hash } : EMPTY_HEAD;
  }

  /** Events with a greater number, in order; what is answered is whole: no event before the last one can still appear. */
  async eventsAfter(
    seq: number,
    limit: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<LedgerEvent[]> {
    const rows = await manager.query<{ seq: string; text: string }[]>(
      'SELECT seq, text FROM ledger_entry WHERE seq > $1 ORDER BY seq LIMIT $2',
      [seq, limit],
    );
    return rows.map((row) => eventOf(row.seq, row.text));
  }

  /** Newest first, one more than asked for, so that the caller knows whether there is a next page. */
  async page(
    query: LedgerQuery,
  ): Promise<{ readonly event: LedgerEvent | undefined; readonly row: LedgerEntryEntity }[]> {
    const rows = await this.dataSource.manager.find(LedgerEntryEntity, {
      where: whereOf(query),
      order: { seq: 'DESC' },
      take: query.limit + 1,
    });
    return rows.map((row) => ({ event: parseEvent(row.text), row }));
  }

  /** What a verification reads. */
  source(): LedgerSource {
    return sqlSource((sql, parameters) => this.dataSource.query(sql, [...parameters]));
  }

  async lastSigned(): Promise<SignedHead | undefined> {
    const [row] = await this.dataSource.manager.find(LedgerHeadEntity, { order: { seq: 'DESC' }, take: 1 });
    if (!row) return undefined;
    const { hash, keyId, signature } = row;
    return { seq: Number(row.seq), hash, atMs: row.at.getTime(), keyId, signature };
  }

  /** `false` when this key signed this head before. */
  async addHead({ seq, hash, atMs, keyId, signature }: SignedHead): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO ledger_head (seq, key_id, hash, at, signature) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING seq`,
      [seq, keyId, hash, new Date(atMs), signature],
    );
    return rows.length > 0;
  }

  /** Takes the cursor's row for the transaction: of two processes that read by the same name, one works. */
  async lockCursor(name: string, manager: EntityManager): Promise<number> {
    await manager.query('INSERT INTO ledger_cursor VALUES ($1, 0, now()) ON CONFLICT DO NOTHING', [name]);
    const cursor = await manager.findOneOrFail(LedgerCursorEntity, {
      where: { name },
      lock: { mode: 'pessimistic_write' },
    });
    return Number(cursor.seq);
  }

  async moveCursor(name: string, seq: number, at: Date, manager: EntityManager): Promise<void> {
    await manager.update(LedgerCursorEntity, { name }, { seq: String(seq), updatedAt: at });
  }

  async lastVerification(): Promise<LedgerVerificationEntity | undefined> {
    const [last] = await this.dataSource.manager.find(LedgerVerificationEntity, {
      order: { finishedAt: 'DESC' },
      take: 1,
    });
    return last;
  }

  async addVerification(verification: LedgerVerificationEntity): Promise<void> {
    await this.dataSource.manager.insert(LedgerVerificationEntity, verification);
    await this.dataSource.query(
      'DELETE FROM ledger_verification WHERE id IN (SELECT id FROM ledger_verification ORDER BY finished_at DESC OFFSET $1)',
      [MAX_VERIFICATIONS],
    );
  }
}

/** Readers act on what they read: they stop at an entry that is not what was written, and say which. */
function eventOf(seq: string, text: string): LedgerEvent {
  const event = parseEvent(text);
  if (event?.seq !== Number(seq)) throw new Error(`entry ${seq} of the ledger was altered: npm run ledger:verify`);
  return event;
}

function whereOf(query: LedgerQuery): FindOptionsWhere<LedgerEntryEntity> {
  const { before, kind, subjectType, subjectId, actorId, fromMs, toMs } = query;
  const where: FindOptionsWhere<LedgerEntryEntity> = {};
  if (before !== undefined) where.seq = LessThan(String(before));
  if (kind !== undefined) where.kind = kind;
  if (subjectType !== undefined) where.subjectType = subjectType;
  if (subjectId !== undefined) where.subjectId = subjectId;
  if (actorId !== undefined) where.actorId = actorId;
  const from = fromMs === undefined ? undefined : MoreThanOrEqual(new Date(fromMs));
  const to = toMs === undefined ? undefined : LessThanOrEqual(new Date(toMs));
  if (from && to) where.at = And(from, to);
  else if (from ?? to) where.at = (from ?? to)!;
  return where;
}
