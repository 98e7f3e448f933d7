import type { BoardChange, DispatchEvent, OpenBoard, PastBoard, Reads } from '#libs/dispatch';
import type { LedgerEvent } from '#libs/ledger';
import { dispatchEventOf } from '../dispatch/dispatch-kinds.ts';

/** Hands in what a board lacks, as it was at the checkpoint that the board began from. */
export type Fetch = (reads: Reads) => Promise<OpenBoard>;

/** Told after each entry; `event` and `change` are `undefined` for an entry that is not of the board. */
export type Heard = (entry: LedgerEvent, event?: DispatchEvent, change?: BoardChange) => void;

/** Folds entries into a board of the past. What they name is fetched at once; what a merge moves when it comes. */
export async function foldPast(
  past: PastBoard,
  entries: readonly LedgerEvent[],
  fetch: Fetch,
  heard: Heard = () => undefined,
): Promise<void> {
  const events = entries.map((entry) => ({ entry, event: dispatchEventOf(entry) }));
  await supply(past, fetch, union(events.map(({ event }) => (event ? past.lacks(event) : NOTHING))));
  for (const { entry, event } of events) {
    if (!event) {
      heard(entry);
      continue;
    }
    await supply(past, fetch, past.lacks(event));
    heard(entry, event, past.take(event));
  }
}

const NOTHING: Reads = { incidentIds: [], unitIds: [] };

async function supply(past: PastBoard, fetch: Fetch, reads: Reads): Promise<void> {
  if (reads.incidentIds.length + reads.unitIds.length > 0) past.add(await fetch(reads));
}

function union(all: readonly Reads[]): Reads {
  return {
    incidentIds: [...new Set(all.flatMap(({ incidentIds }) => incidentIds))],
    unitIds: [...new Set(all.flatMap(({ unitIds }) => unitIds))],
  };
}
