import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { RefusalError, silentLogger, systemClock } from '#libs/base';
import { PastBoard, type OpenBoard } from '#libs/dispatch';
import { PastTown } from '../../../../scripts/past-town.ts';
import { createTestDatabase, type TestDatabase } from '../../../../scripts/test-database.ts';
import { loadConfig } from '../config.ts';
import { connect, migrate } from '../data-source.ts';
import { dispatchEventOf } from '../dispatch/dispatch-kinds.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { CHECKPOINT_ENTRIES, CheckpointWriter } from './checkpoint-writer.ts';
import { PastBoards } from './past-boards.ts';
import { PastStateStore } from './past-state.store.ts';

const ENTRIES = 5_150;

let database: TestDatabase;
let dataSource: DataSource;
let entries: LedgerStore;
let states: PastStateStore;
let boards: PastBoards;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await connect(loadConfig({ DATABASE_URL: database.url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
  await migrate(dataSource);
  const town = new PastTown(Date.UTC(2026, 10, 20), 2_000, randomUUID());
  await town.fill(ENTRIES, (sql, values) => dataSource.query(sql, values));
  entries = new LedgerStore(dataSource);
  states = new PastStateStore(dataSource);
  boards = new PastBoards(states, entries);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

function writer(): CheckpointWriter {
  const ledger = { seq: 0, listen: () => () => undefined } as unknown as LedgerService;
  return new CheckpointWriter(dataSource, ledger, entries, states, systemClock, silentLogger);
}

const sorted = ({ incidents, units }: OpenBoard): OpenBoard => ({
  incidents: incidents.toSorted((a, b) => a.id.localeCompare(b.id)),
  units: units.toSorted((a, b) => a.id.localeCompare(b.id)),
});

/** Every entry folded from the first on, as the tables were made; what was open after each of these. */
async function foldedAt(wanted: readonly number[]): Promise<Map<number, OpenBoard>> {
  const past = new PastBoard();
  const seen = new Map<number, OpenBoard>();
  for (const entry of await entries.eventsAfter(0, ENTRIES + 100)) {
    const event = dispatchEventOf(entry);
    if (event) past.take(event);
    if (wanted.includes(entry.seq)) seen.set(entry.seq, sorted(past.open()));
  }
  return seen;
}

describe('the board of the past', () => {
  it('is told from the entries alone while no checkpoint is there, and refused when that is too many', async () => {
    const wanted = [1, 40, 700];
    const folded = await foldedAt(wanted);
    for (const seq of wanted) expect(sorted((await boards.after(seq)).past.open())).toEqual(folded.get(seq));
    await expect(boards.after(ENTRIES - 50)).rejects.toThrow(RefusalError);
    await expect(boards.after(ENTRIES - 50)).rejects.toThrow('replay-catching-up');
  });

  it('equals the fold of every entry before it, at any entry, over checkpoints that two processes wrote', async () => {
    await Promise.all([writer().catchUp(), writer().catchUp()]);
    expect(await states.lastCheckpoint()).toBe(Math.floor(ENTRIES / CHECKPOINT_ENTRIES) * CHECKPOINT_ENTRIES);
    const dice = Array.from({ length: 25 }, (_, index) => (index * 1_237 + 311) % ENTRIES);
    const wanted = [1, 499, 500, 501, 999, 1_000, 5_000, ENTRIES, ...dice];
    const folded = await foldedAt(wanted);
    for (const seq of wanted)
      expect([seq, sorted((await boards.after(seq)).past.open())]).toEqual([seq, folded.get(seq)]);
    expect((await boards.after(0)).past.open()).toEqual({ incidents: [], units: [] });
  });

  it('knows what was long over when it is reopened: the last board is what the tables hold', async () => {
    const { past } = await boards.after(ENTRIES);
    const rows: { id: string; state: unknown }[] = await dataSource.query('SELECT id, state FROM incident WHERE live');
    const open = past.open();
    expect(rows.map(({ id }) => id).sort()).toEqual(open.incidents.map(({ id }) => id).sort());
    const reopened = await dataSource.query<{ n: string }[]>(
      `SELECT count(*) AS n FROM ledger_entry WHERE kind = 'incident:reopened'`,
    );
    expect(Number(reopened[0]!.n)).toBeGreaterThan(20);
    for (const { id, state } of rows) expect(open.incidents.find((one) => one.id === id)).toEqual(state);
  });

  it('keeps one row for each stretch without a change, and no two at one checkpoint', async () => {
    const overlaps: unknown[] = await dataSource.query(
      `SELECT a.id FROM past_state a JOIN past_state b ON a.kind = b.kind AND a.id = b.id AND a.from_seq < b.from_seq
       WHERE a.until_seq IS NULL OR a.until_seq >= b.from_seq`,
    );
    expect(overlaps).toEqual([]);
  });

  it('goes on from where it was when the writer is started again', async () => {
    const before = await states.lastCheckpoint();
    await writer().catchUp();
    expect(await states.lastCheckpoint()).toBe(before);
    expect(await dataSource.query('SELECT count(*)::int AS n FROM past_state WHERE from_seq > $1', [before])).toEqual([
      { n: 0 },
    ]);
  });

  it('walks the index, not the year', async () => {
    await dataSource.query('ANALYZE past_state; ANALYZE ledger_entry');
    const plan: Record<string, string>[] = await dataSource.query(
      `EXPLAIN SELECT kind, state FROM past_state WHERE open AND int8range(from_seq, until_seq, '[]') @> 2000::bigint`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('past_state_open');
  });
});
