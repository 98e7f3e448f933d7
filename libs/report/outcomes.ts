import { countsAsAttended, type DismissalCause, type Disposition } from '#libs/dispatch';
import type { LifeKind } from './figure.ts';

/** So many incidents that ended alike. */
export interface OutcomeRow {
  readonly key: string | null;
  readonly life: LifeKind;
  readonly disposition: Disposition | null;
  readonly dismissal: DismissalCause | null;
  readonly referred: boolean;
  readonly count: number;
}

/**
 * How incidents ended. `count` is all but those that were merged (they go on under another); it is the sum of `open`,
 * `attended`, `unattended` and `dismissed`. The rest are parts of those: `falseAlarm` of `attended` (somebody went, there
 * was nothing), `falseCall` of `dismissed` (false and nuisance calls), `referred` of all.
 */
export interface OutcomeTally {
  readonly count: number;
  readonly open: number;
  readonly attended: number;
  readonly unattended: number;
  readonly dismissed: number;
  readonly falseAlarm: number;
  readonly falseCall: number;
  readonly referred: number;
  readonly merged: number;
}
export interface OutcomeGroup extends OutcomeTally {
  readonly key: string | null;
}

/** Causes and dispositions with their numbers, the most frequent first. */
export interface OutcomesReport {
  readonly total: OutcomeTally;
  readonly groups: readonly OutcomeGroup[];
  readonly dispositions: readonly { readonly code: Disposition; readonly count: number }[];
  readonly dismissals: readonly { readonly code: DismissalCause; readonly count: number }[];
}

const FALSE_CALLS: readonly DismissalCause[] = ['false-call', 'nuisance-call'];

type Counting = { -readonly [K in keyof OutcomeTally]: number };
const nothing = (): Counting => ({
  count: 0,
  open: 0,
  attended: 0,
  unattended: 0,
  dismissed: 0,
  falseAlarm: 0,
  falseCall: 0,
  referred: 0,
  merged: 0,
});

/** Counts rows by group. `keys` are groups that are listed though nothing happened in them; others follow as they come. */
export function outcomesOf(rows: readonly OutcomeRow[], keys: readonly (string | null)[] = []): OutcomesReport {
  const total = nothing();
  const groups = new Map<string | null, Counting>(keys.map((key) => [key, nothing()]));
  const dispositions = new Map<Disposition, number>();
  const dismissals = new Map<DismissalCause, number>();
  for (const row of rows) {
    const group = groups.get(row.key) ?? nothing();
    groups.set(row.key, group);
    add(total, row);
    add(group, row);
    if (row.disposition !== null) bump(dispositions, row.disposition, row.count);
    if (row.dismissal !== null) bump(dismissals, row.dismissal, row.count);
  }
  return {
    total,
    groups: [...groups].map(([key, tally]) => ({ key, ...tally })),
    dispositions: inOrder(dispositions),
    dismissals: inOrder(dismissals),
  };
}

function add(tally: Counting, { life, disposition, dismissal, referred, count }: OutcomeRow): void {
  if (life === 'merged') {
    tally.merged += count;
    return;
  }
  tally.count += count;
  if (referred) tally.referred += count;
  if (life === 'open' || life === 'controlled') tally.open += count;
  else if (life === 'dismissed') {
    tally.dismissed += count;
    if (dismissal !== null && FALSE_CALLS.includes(dismissal)) tally.falseCall += count;
  } else if (disposition !== null && countsAsAttended(disposition)) {
    tally.attended += count;
    if (disposition === 'false-alarm') tally.falseAlarm += count;
  } else tally.unattended += count;
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function inOrder<K>(counts: ReadonlyMap<K, number>): { code: K; count: number }[] {
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}
