import type { LedgerRow } from './chain-verifier.ts';
import type { SignedHead } from './signed-head.ts';
import type { LedgerSource } from './verify.ts';

/** Asks a PostgreSQL and answers rows by column name, as `pg` and TypeORM parse them: bigint as text, timestamptz as Date. */
export type AskSql = (sql: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>;

interface EntryRow {
  readonly seq: string;
  readonly at: Date;
  readonly kind: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly actor_id: string;
  readonly command_id: string;
  readonly text: string;
  readonly hash: string;
}

interface HeadRow {
  readonly seq: string;
  readonly hash: string;
  readonly at: Date;
  readonly key_id: string;
  readonly signature: string;
}

/** The tables `ledger_entry` and `ledger_head` as what a verification reads. */
export function sqlSource(ask: AskSql): LedgerSource {
  return {
    rowsAfter: async (seq, limit) => {
      const rows = await ask('SELECT * FROM ledger_entry WHERE seq > $1 ORDER BY seq LIMIT $2', [seq, limit]);
      return (rows as readonly EntryRow[]).map(rowOf);
    },
    headsBetween: async (after, upTo, limit) => {
      const rows = await ask('SELECT * FROM ledger_head WHERE seq > $1 AND seq <= $2 ORDER BY seq, key_id LIMIT $3', [
        after,
        upTo,
        limit,
      ]);
      return (rows as readonly HeadRow[]).map(headOfRow);
    },
  };
}

function rowOf(row: EntryRow): LedgerRow {
  return {
    seq: Number(row.seq),
    text: row.text,
    hash: row.hash,
    atMs: row.at.getTime(),
    kind: row.kind,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    actorId: row.actor_id,
    commandId: row.command_id,
  };
}

function headOfRow(row: HeadRow): SignedHead {
  const { hash, signature } = row;
  return { seq: Number(row.seq), hash, atMs: row.at.getTime(), keyId: row.key_id, signature };
}
