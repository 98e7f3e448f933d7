import type pg from 'pg';
import { ChainVerifier, sqlSource, type LedgerRow } from '#libs/ledger';
import { withClient } from '../supervisor/database.ts';
import type { Told } from './desk-load.ts';

const PAGE_ROWS = 2_000;

/** Numbers of the entries of one command. */
interface Span {
  readonly first: number;
  last: number;
}

/**
 * Looks at the ledger of a centre again and again while it is written, each time from where it looked last: the chain, that
 * every command that was acknowledged is in it exactly once and ends at its number, and that nothing is there of what was
 * refused.
 */
export class DeskTruth {
  private readonly verifier = new ChainVerifier();
  private readonly spans = new Map<string, Span>();
  private readonly opened = new Set<string>();

  constructor(private readonly databaseUrl: string) {}

  get entries(): number {
    return this.verifier.at.seq;
  }

  /** Answers how many answers were checked. @throws {Error} naming the first thing that is not so */
  async check(told: ReadonlyMap<string, Told>): Promise<number> {
    // Taken before the snapshot: what was acknowledged before must be in it.
    const claims = [...told];
    await withClient(this.databaseUrl, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await this.readNew(client);
      await client.query('COMMIT');
    });
    for (const [id, claim] of claims) this.expectKept(id, claim);
    return claims.length;
  }

  private expectKept(id: string, claim: Told): void {
    const found = this.spans.get(id)?.last ?? null;
    const expected = claim.kind === 'done' ? claim.seq : null;
    if (found === expected) return;
    const said = claim.kind === 'done' ? `acknowledged as ${claim.seq}` : `refused with ${claim.code}`;
    throw new Error(`${id} was ${said} and stands at ${found ?? 'no place'}`);
  }

  private async readNew(client: pg.Client): Promise<void> {
    const source = sqlSource(async (sql, parameters) => (await client.query(sql, [...parameters])).rows as unknown[]);
    for (;;) {
      const rows = await source.rowsAfter(this.verifier.at.seq, PAGE_ROWS);
      if (rows.length === 0) return;
      for (const row of rows) {
        this.verifier.next(row);
        this.place(row);
      }
      const { broken } = this.verifier.conclude();
      if (broken) throw new Error(`the chain is broken at ${broken.seq}: ${broken.code}, ${broken.found}`);
    }
  }

  /** A command's entries stand together: what begins anew elsewhere was done twice. */
  private place({ commandId, seq, kind, subjectId }: LedgerRow): void {
    const span = this.spans.get(commandId);
    if (!span) this.spans.set(commandId, { first: seq, last: seq });
    else if (span.last === seq - 1) span.last = seq;
    else throw new Error(`${commandId} was done twice: ${span.first} to ${span.last} and ${seq}`);
    if (kind !== 'incident:opened') return;
    if (this.opened.has(subjectId)) throw new Error(`incident ${subjectId} was opened twice`);
    this.opened.add(subjectId);
  }
}
