import type { Topic } from '#libs/wire';

/** What the dispatch page follows. */
export const PAGE_TOPICS = [
  'incidents',
  'incidentTypes',
  'dispatchAlarms',
  'units',
  'sectors',
  'cameras',
  'zones',
] as const satisfies readonly Topic[];

/** What the parent says: lose what you know, and tell when each page knows all of it again and this incident too. */
export interface Expect {
  readonly incidentId: string;
}

/** Wall clock at which each page was consistent, and how many different pictures of the centre the pages have. */
export interface Consistent {
  readonly atMs: readonly number[];
  readonly pictures: number;
  /** Items that one page holds. */
  readonly items: number;
}
