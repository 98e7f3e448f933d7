import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_DISPATCH_RULES,
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  countsAsAttended,
  type Priority,
} from '#libs/dispatch';
import { DEFAULT_SHIFTS } from '#libs/shift';
import {
  STRETCHES,
  STRETCH_NAMES,
  TIME_COLUMNS,
  dayRange,
  daysOf,
  localDay,
  localHour,
  localWeekday,
  outcomesOf,
  percentile,
  selectPlace,
  shiftGrouping,
  shiftLine,
  suppressSmall,
  tableOf,
  timeGrouping,
  timesOf,
  type PackedRun,
  type TimeColumn,
} from './index.ts';

const rest = (): Promise<void> => Promise.resolve();

describe('days of Lima', () => {
  it('begin at 05:00 UTC, and a range holds both its ends', () => {
    const range = dayRange('2026-02-27', '2026-03-01');
    expect(range).toMatchObject({
      ok: true,
      value: { fromMs: Date.UTC(2026, 1, 27, 5), toMs: Date.UTC(2026, 2, 2, 5), days: 3 },
    });
    if (range.ok) expect(daysOf(range.value)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it.each([
    ['2026-03-02', '2026-03-01'],
    ['2025-01-01', '2026-01-02'],
    ['2026-02-30', 'never'],
  ])('are refused from %s to %s', (from, to) => {
    expect(dayRange(from, to)).toMatchObject({ ok: false, refusal: { code: 'report-range-wrong' } });
  });

  it('have the hour, weekday and date that the time zone data of the platform say', () => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'America/Lima',
      hourCycle: 'h23',
      hour: '2-digit',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) }), (atMs) => {
        const of = Object.fromEntries(parts.formatToParts(atMs).map(({ type, value }) => [type, value]));
        expect([localHour(atMs), days[localWeekday(atMs)], localDay(atMs)]).toEqual([
          Number(of['hour']),
          of['weekday'],
          `${of['year']}-${of['month']}-${of['day']}`,
        ]);
      }),
    );
  });
});

describe('a percentile', () => {
  it('lies between the two values next to it', () => {
    // `select percentile_cont(array[0.5, 0.9]) within group (order by v) from unnest(array[1,2,4,8,16,32,64]) v` in PostgreSQL 18.
    const of = (...values: number[]): number[] =>
      [0.5, 0.9].map((share) => percentile(Float64Array.from(values), share));
    expect(of(1, 2, 4, 8, 16, 32, 64)).toEqual([8, expect.closeTo(44.8, 10)]);
    expect(of(3, 5)).toEqual([4, expect.closeTo(4.8, 10)]);
    expect(of(7)).toEqual([7, 7]);
  });
});

describe('selection', () => {
  it('puts every place where sorting would, in samples of every kind', () => {
    const some = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 400 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 400 }).map((n) => Array.from({ length: n }, (_, at) => Math.min(at, n - at))),
    );
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (sample, share) => {
        const sorted = sample.toSorted((a, b) => a - b);
        const place = Math.floor(share * (sample.length - 1));
        const values = Float64Array.from(sample);
        selectPlace(values, place);
        expect(values[place]).toBe(sorted[place]);
        expect(Math.max(...values.slice(0, place + 1))).toBe(sorted[place]);
        expect(Math.min(...values.slice(place))).toBe(sorted[place]);
        expect([...values].sort((a, b) => a - b)).toEqual(sorted);
      }),
      { numRuns: 400 },
    );
  });
});

interface Row {
  readonly key: string | null;
  readonly priority: Priority | null;
  readonly times: Readonly<Record<TimeColumn, number | null>>;
}

/** Packs rows as the database does: one run per key and priority. */
function packed(rows: readonly Row[]): PackedRun[] {
  const runs = new Map<string, Row[]>();
  for (const row of rows) {
    const name = `${row.key} ${row.priority}`;
    runs.set(name, [...(runs.get(name) ?? []), row]);
  }
  return [...runs.values()].map((run) => ({
    key: run[0]!.key,
    priority: run[0]!.priority,
    rows: run.length,
    columns: Object.fromEntries(
      TIME_COLUMNS.map((name) => {
        const bytes = Buffer.alloc(run.length * 8);
        run.forEach(({ times }, index) => bytes.writeDoubleBE(times[name] ?? Number.NaN, index * 8));
        return [name, bytes];
      }),
    ) as unknown as PackedRun['columns'],
  }));
}

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const step = fc.option(fc.integer({ min: 0, max: 900_000 }), { nil: null });
const anyRow: fc.Arbitrary<Row> = fc
  .record({
    key: fc.constantFrom('a', 'b', null),
    priority: fc.constantFrom<Priority | null>('P1', 'P2', 'P3', 'P4', null),
    ageMs: fc.integer({ min: 0, max: 40 * 86_400_000 }),
    steps: fc.array(step, { minLength: 7, maxLength: 7 }),
    open: fc.boolean(),
  })
  .map(({ key, priority, ageMs, steps, open }) => {
    let atMs = 0;
    const [dispatchedMs, acknowledgedMs, enRouteMs, arrivedMs, referralTakenMs, endedMs, closedMs] = steps.map((one) =>
      one === null ? null : (atMs += one),
    ) as (number | null)[];
    const times = {
      callAtMs: NOW_MS - ageMs,
      openedMs: 100,
      dispatchedMs: dispatchedMs!,
      acknowledgedMs: acknowledgedMs!,
      enRouteMs: enRouteMs!,
      arrivedMs: arrivedMs!,
      referralTakenMs: referralTakenMs!,
      endedMs: open ? null : (endedMs ?? atMs),
      closedMs: open ? null : closedMs!,
    };
    return { key, priority, times };
  });

/** The same by the plainest means: filter, sort, interpolate. */
function naive(rows: readonly Row[]): unknown {
  const stretches = Object.fromEntries(
    STRETCH_NAMES.map((name) => {
      const [from, to] = STRETCHES[name];
      const values = rows
        .map(({ times }) => {
          const [start, end] = [from === null ? 0 : times[from], times[to]];
          return start === null || end === null ? null : end - start;
        })
        .filter((value) => value !== null)
        .sort((a, b) => a - b);
      const at = (share: number): number | null => {
        if (values.length === 0) return null;
        const place = share * (values.length - 1);
        const [low, high] = [values[Math.floor(place)]!, values[Math.ceil(place)]!];
        return low + (high - low) * (place - Math.floor(place));
      };
      return [name, { n: values.length, medianMs: at(0.5), p90Ms: at(0.9) }];
    }),
  );
  const kept = (name: 'dispatchMs' | 'onSceneMs', done: (row: Row) => number | null) => {
    const tally = { met: 0, late: 0, never: 0, running: 0 };
    for (const row of rows) {
      const targetMs = row.priority === null ? null : DEFAULT_DISPATCH_RULES.targets[row.priority][name];
      if (targetMs === null) continue;
      const doneMs = done(row);
      const open = row.times.endedMs === null;
      if (doneMs !== null) tally[doneMs <= targetMs ? 'met' : 'late']++;
      else if (!open) tally.never++;
      else tally[NOW_MS - row.times.callAtMs! <= targetMs ? 'running' : 'late']++;
    }
    return tally;
  };
  const told = ({ times: { dispatchedMs, referralTakenMs } }: Row): number | null =>
    dispatchedMs === null || referralTakenMs === null
      ? (dispatchedMs ?? referralTakenMs)
      : Math.min(dispatchedMs, referralTakenMs);
  const targets = { dispatch: kept('dispatchMs', told), onScene: kept('onSceneMs', ({ times }) => times.arrivedMs) };
  return { count: rows.length, stretches, targets };
}

describe('times', () => {
  const { targets } = DEFAULT_DISPATCH_RULES;

  it('are what the plainest recomputation gives, as a whole and by key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 60 }), async (rows) => {
        const report = await timesOf(tableOf(packed(rows)), { kind: 'runs' }, targets, NOW_MS, rest);
        expect(report.total).toEqual({ key: null, ...(naive(rows) as object) });
        for (const group of report.groups)
          expect(group).toEqual({
            key: group.key,
            ...(naive(rows.filter(({ key }) => key === group.key)) as object),
          });
        expect(new Set(report.groups.map(({ key }) => key))).toEqual(new Set(rows.map(({ key }) => key)));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same by hour, weekday and shift of the call', async () => {
    const rows = fc.sample(anyRow, 300);
    const callsMs = rows.map(({ times }) => times.callAtMs!);
    const line = shiftLine(DEFAULT_SHIFTS, Math.min(...callsMs), Math.max(...callsMs));
    const groupings = { hour: timeGrouping('hour'), weekday: timeGrouping('weekday'), shift: shiftGrouping(line) };
    const keyOf = {
      hour: (atMs: number) => String(localHour(atMs)).padStart(2, '0'),
      weekday: (atMs: number) => `${localWeekday(atMs)}`,
      shift: (atMs: number) => {
        const hour = localHour(atMs);
        return hour >= 6 && hour < 14 ? 'manana' : hour >= 14 && hour < 22 ? 'tarde' : 'noche';
      },
    };
    for (const by of ['hour', 'weekday', 'shift'] as const) {
      const report = await timesOf(tableOf(packed(rows)), groupings[by], targets, NOW_MS, rest);
      expect(report.groups).toHaveLength({ hour: 24, weekday: 7, shift: 4 }[by]);
      for (const group of report.groups)
        expect(group).toEqual({
          key: group.key,
          ...(naive(rows.filter(({ times }) => keyOf[by](times.callAtMs!) === group.key)) as object),
        });
    }
  });

  it('refuse a column that is not as long as its rows', () => {
    const [run] = packed(fc.sample(anyRow, 1));
    expect(() => tableOf([{ ...run!, rows: 2 }])).toThrow('of 2 rows');
  });
});

describe('outcomes', () => {
  it('add up, whatever happened', () => {
    const life = fc.oneof(
      fc.constantFrom('open' as const, 'controlled' as const, 'merged' as const).map((kind) => ({ life: kind })),
      fc.constantFrom(...DISPOSITIONS).map((disposition) => ({ life: 'closed' as const, disposition })),
      fc.constantFrom(...DISMISSAL_CAUSES).map((dismissal) => ({ life: 'dismissed' as const, dismissal })),
    );
    const row = fc
      .tuple(life, fc.constantFrom('a', 'b', null), fc.boolean(), fc.integer({ min: 1, max: 9 }))
      .map(([one, key, referred, count]) => ({ disposition: null, dismissal: null, ...one, key, referred, count }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const { total, groups, dispositions, dismissals } = outcomesOf(rows, ['c']);
        const sum = (of: (one: (typeof rows)[number]) => boolean): number =>
          rows.filter(of).reduce((all, { count }) => all + count, 0);
        expect(total).toEqual({
          count: sum((one) => one.life !== 'merged'),
          open: sum(({ life }) => life === 'open' || life === 'controlled'),
          attended: sum(({ life, disposition }) => life === 'closed' && countsAsAttended(disposition!)),
          unattended: sum(({ life, disposition }) => life === 'closed' && !countsAsAttended(disposition!)),
          dismissed: sum(({ life }) => life === 'dismissed'),
          falseAlarm: sum(({ disposition }) => disposition === 'false-alarm'),
          falseCall: sum(({ dismissal }) => dismissal === 'false-call' || dismissal === 'nuisance-call'),
          referred: sum(({ life, referred }) => life !== 'merged' && referred),
          merged: sum(({ life }) => life === 'merged'),
        });
        expect(total.open + total.attended + total.unattended + total.dismissed).toBe(total.count);
        for (const name of Object.keys(total) as (keyof typeof total)[])
          expect(groups.reduce((all, group) => all + group[name], 0)).toBe(total[name]);
        expect(groups.some(({ key, count }) => key === 'c' && count === 0)).toBe(true);
        const listed = [...dispositions, ...dismissals].reduce((all, { count }) => all + count, 0);
        expect(listed).toBe(total.attended + total.unattended + total.dismissed);
      }),
    );
  });
});

describe('small numbers', () => {
  it('are hidden so that no total tells them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), (counts) => {
        const { shown, hidden } = suppressSmall(counts, (count) => count);
        expect(shown.every((count) => count === 0 || count >= 5)).toBe(true);
        expect([...shown, ...hidden].sort()).toEqual([...counts].sort());
        // What is left over of the total is one group's alone only when there is no other to hide it among.
        if (hidden.length === 1) expect(shown.every((count) => count === 0)).toBe(true);
      }),
    );
  });
});
