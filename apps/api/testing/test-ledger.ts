import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { ok, refusal, refused, type Clock, type Logger } from '#libs/base';
import { LEDGER_KINDS, defineKinds, joinKinds } from '#libs/ledger';
import type { ApiConfig } from '../src/config.ts';
import { ledgerDataSource } from '../src/data-source.ts';
import type { LedgerCommand } from '../src/ledger/ledger-command.ts';
import { LedgerWriter } from '../src/ledger/ledger-writer.ts';

/** Counters that commands add to: the least that a slice of the hands does, one row and one event per command. */
export const COUNTER_KINDS = defineKinds({
  'counter:added': { subject: 'counter', payload: z.strictObject({ by: z.number().int(), total: z.number().int() }) },
});

export const CREATE_COUNTERS = `
  CREATE TABLE IF NOT EXISTS counter (id text PRIMARY KEY, total int NOT NULL);
  INSERT INTO counter SELECT 'c-' || n, 0 FROM generate_series(0, 99) AS n ON CONFLICT DO NOTHING`;

export const FULL_TOTAL = 1_000_000;

/** Adds to a counter and answers its total. Refused: `counter-unknown`, and `counter-full` beyond a million. */
export function addCommand(
  counter: string,
  by = 1,
  commandId: string = randomUUID(),
): LedgerCommand<{ readonly total: number }> {
  return {
    commandId,
    actor: { type: 'system', id: 'test' },
    name: 'counter:add',
    input: { counter, by },
    run: async ({ manager }) => {
      const [row] = await manager.query<{ total: number }[]>('SELECT total FROM counter WHERE id = $1 FOR UPDATE', [
        counter,
      ]);
      if (!row) return refused(refusal('not-found', 'counter-unknown', counter));
      const total = row.total + by;
      await manager.query('UPDATE counter SET total = $2 WHERE id = $1', [counter, total]);
      // After the write, so that a refusal has something to undo.
      if (total > FULL_TOTAL) return refused(refusal('conflict', 'counter-full', counter));
      return ok({ value: { total }, events: [COUNTER_KINDS.draft('counter:added', counter, { by, total })] });
    },
  };
}

/** A writer on a connection of its own, as another api process would have. */
export function startWriter(
  databaseUrl: string,
  clock: Clock,
  logger: Logger,
): { writer: LedgerWriter; own: DataSource } {
  const own = ledgerDataSource({ databaseUrl } as ApiConfig, logger);
  const writer = new LedgerWriter(own, joinKinds(LEDGER_KINDS, COUNTER_KINDS), clock, logger);
  writer.start();
  return { writer, own };
}
