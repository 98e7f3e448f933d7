import type pg from 'pg';
import { ChainVerifier, sqlSource } from '#libs/ledger';
import { withClient } from '../supervisor/database.ts';

const PAGE_ROWS = 2_000;

/**
 * Looks at a ledger again and again while it is written, each time from where it looked last: the chain, that every
 * acknowledged command is in it exactly once under its number, and that the counters are what the events say.
 */
export class LedgerTruth {
  private readonly verifier = new ChainVerifier();
  private readonly places = new Map<string, number>();

  constructor(private readonly databaseUrl: string) {}

  get entries(): number {
    return this.places.size;
  }

  /** Answers how many acknowledgements were checked. @throws {Error} naming the first thing that is not so */
  async check(acknowledged: ReadonlyMap<string, number>): Promise<number> {
    // Taken before the snapshot: what was acknowledged before must be in it.
    const claims = [...acknowledged];
    await withClient(this.databaseUrl, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await this.readNew(client);
      for (const [id, seq] of claims) {
        if (this.places.get(id) !== seq)
          throw new Error(`${id} was acknowledged as ${seq} and stands at ${this.places.get(id) ?? 'no place'}`);
      }
      await checkCounters(client);
      await client.query('COMMIT');
    });
    return claims.length;
  }

  private async readNew(client: pg.Client): Promise<void> {
    const source = sqlSource(async (sql, parameters) => (await client.query(sql, [...parameters])).rows as unknown[]);
    for (;;) {
      const rows = await source.rowsAfter(this.verifier.at.seq, PAGE_ROWS);
      if (rows.length === 0) return;
      for (const row of rows) {
        this.verifier.next(row);
        const before = this.places.get(row.commandId);
        if (before !== undefined) throw new Error(`${row.commandId} was done twice: ${before} and ${row.seq}`);
        this.places.set(row.commandId, row.seq);
      }
      const { broken } = this.verifier.conclude();
      if (broken) throw new Error(`the chain is broken at ${broken.seq}: ${broken.code}, ${broken.found}`);
    }
  }
}

async function checkCounters(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ id: string; total: number; events: number }>(`
    SELECT id, total, coalesce(events, 0)::int AS events FROM counter
      LEFT JOIN (SELECT subject_id, count(*) AS events FROM ledger_entry GROUP BY subject_id) AS told ON subject_id = id
    WHERE total <> coalesce(events, 0)`);
  const [wrong] = rows;
  if (wrong) throw new Error(`${wrong.id} is ${wrong.total}, the ledger says ${wrong.events}`);
}
