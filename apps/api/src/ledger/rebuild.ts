import type { DataSource } from 'typeorm';
import type { LedgerEvent } from '#libs/ledger';
import type { Projection, ProjectionDifference } from './projection.ts';
import type { LedgerStore } from './ledger.store.ts';

const PAGE_EVENTS = 1_000;
/** Differences that are told of one projection. */
const MAX_DIFFERENCES = 20;

export interface RebuildReport {
  readonly events: number;
  readonly projections: readonly { readonly name: string; readonly differences: readonly ProjectionDifference[] }[];
}

/**
 * Makes every projection once more and compares. All of it is one snapshot of the database: a change and its event are one
 * transaction, so the two are equal at every moment, also while the centre works. Nothing is kept of it.
 */
export function checkRebuild(
  dataSource: DataSource,
  store: Pick<LedgerStore, 'eventsAfter'>,
  projections: readonly Projection[],
): Promise<RebuildReport> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    for (const projection of projections) await projection.reset(manager);
    let events = 0;
    let page: readonly LedgerEvent[];
    do {
      page = await store.eventsAfter(events, PAGE_EVENTS, manager);
      for (const event of page) for (const projection of projections) await projection.apply(event, manager);
      events = page.at(-1)?.seq ?? events;
    } while (page.length === PAGE_EVENTS);
    const found: RebuildReport['projections'][number][] = [];
    for (const projection of projections)
      found.push({ name: projection.name, differences: await projection.diff(manager, MAX_DIFFERENCES) });
    return { events, projections: found };
  });
}
