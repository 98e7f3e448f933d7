import type { SealedEvent } from '#libs/ledger';

/** A row of `ledger_command`. */
export interface OutcomeRow {
  readonly commandId: string;
  readonly fingerprint: string;
  readonly outcome: string;
}

/** Events and outcomes of a whole batch in one statement. */
export const APPEND = `
  WITH entry AS (
    INSERT INTO ledger_entry (seq, at, kind, subject_type, subject_id, actor_id, command_id, text, hash)
    SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],
      $8::text[], $9::text[])
  )
  INSERT INTO ledger_command (command_id, fingerprint, at, outcome)
  SELECT id, fingerprint, $13::timestamptz, outcome FROM unnest($10::uuid[], $11::text[], $12::text[])
    AS command (id, fingerprint, outcome)`;

/** Parameters of {@link APPEND}. */
export function columnsOf(events: readonly SealedEvent[], rows: readonly OutcomeRow[], at: Date): unknown[] {
  const column = (of: (one: SealedEvent) => unknown): unknown[] => events.map(of);
  return [
    column(({ event }) => event.seq),
    column(({ event }) => new Date(event.atMs)),
    column(({ event }) => event.kind),
    column(({ event }) => event.subject.type),
    column(({ event }) => event.subject.id),
    column(({ event }) => event.actor.id),
    column(({ event }) => event.commandId),
    column(({ text }) => text),
    column(({ hash }) => hash),
    rows.map((row) => row.commandId),
    rows.map((row) => row.fingerprint),
    rows.map((row) => row.outcome),
    at,
  ];
}

/** Waits for all, so that no answer is left on the wire, then rejects with the first problem in the order given. */
export async function allOrFirstProblem(works: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works))
    if (result.status === 'rejected') throw result.reason as unknown;
}
