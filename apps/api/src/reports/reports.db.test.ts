import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_DISPATCH_RULES } from '#libs/dispatch';
import { destination } from '#libs/geo';
import { localDay } from '#libs/report';
import type { MapReportView, OutcomesReportView, TimelineEntry, TimesReportView } from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AT_PLAZA, PLAZA, TestCentre } from '../../testing/test-centre.ts';

let test: TestApplication;
let centre: TestCentre;

const SECOND_MS = 1_000;
const TYPES = ['PAT-02', 'ORD-01', 'ORD-03', 'VIF-01'] as const;
const ids: string[] = [];
let day: string;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  // All of it on one day of Lima, well away from midnight.
  const hour = new Date(test.clock.nowMs()).getUTCHours();
  test.clock.forward(((17 - hour + 24) % 24) * 3_600_000);
  day = localDay(test.clock.nowMs());
  for (const [name, role] of [
    ['beto', 'dispatcher'],
    ['sara', 'supervisor'],
    ['dina', 'civil-defence'],
    ['otto', 'auditor'],
  ] as const)
    await centre.hire(name, role);
  await makeADay();
}, 60_000);
afterAll(() => test.close());

const act = (id: string, wish: object) => centre.do('beto', `/api/incidents/${id}/dispatch`, wish);
const wait = (seconds: number): void => test.clock.forward(seconds * SECOND_MS);
const report = <T>(name: string, query = '', who = 'sara'): Promise<T> =>
  centre.get<T>(who, `/api/reports/${name}?fromDay=${day}&toDay=${day}${query}`);

/** Twelve incidents by commands, each with its own course. */
async function makeADay(): Promise<void> {
  const units = [await centre.unit('sara'), await centre.unit('sara')];
  for (let n = 0; n < 12; n++) {
    const point = destination(PLAZA, n * 30, 100 + n * 40);
    const id = await centre.open('beto', { typeCode: TYPES[n % 4], place: { ...AT_PLAZA, point } });
    ids.push(id);
    wait(20 + n * 17);
    if (n === 3) await act(id, { kind: 'dismiss', cause: 'false-call' });
    if (n === 4) await act(id, { kind: 'dismiss', cause: 'not-located' });
    if (n === 5) await referAndClose(id);
    if ([3, 4, 5, 6].includes(n)) continue;
    const unitId = units[n % 2]!;
    await act(id, { kind: 'assign', unitId, assignmentId: randomUUID() });
    for (const [kind, seconds] of [
      ['acknowledgeAssignment', 4 + n],
      ['enRoute', 9],
      ['arrive', 60 + n * 31],
    ] as const) {
      if (kind === 'acknowledgeAssignment' && n === 7) continue;
      wait(seconds);
      await act(id, { kind, unitId });
    }
    wait(300);
    await act(id, { kind: 'clear', unitId });
    if (n !== 8) await act(id, { kind: 'close', disposition: n === 9 ? 'false-alarm' : 'attended' });
  }
  const twin = await centre.open('beto', { typeCode: 'ORD-01' });
  await act(twin, { kind: 'merge', survivorId: ids[6]! });
}

async function referAndClose(id: string): Promise<void> {
  const referralId = randomUUID();
  await act(id, { kind: 'refer', referralId, agency: 'SAMU', note: '' });
  wait(45);
  await act(id, { kind: 'referralTaken', referralId, takenBy: 'Téc. Mamani', reference: '77' });
  wait(60);
  await act(id, { kind: 'close', disposition: 'handed-to-agency' });
}

/** The times of an incident read from the ledger by hand: no shared code with the figures. */
async function timesByHand(id: string): Promise<Record<string, number | undefined>> {
  const lines = await centre.get<TimelineEntry[]>('sara', `/api/incidents/${id}/timeline`);
  const events = lines.map(({ event }) => event as unknown as Record<string, never>);
  const at = (kind: string): number | undefined => events.find((event) => event['kind'] === kind)?.['atMs'];
  const phase = (...names: string[]): number | undefined =>
    events.find((event) => event['kind'] === 'assignment:advanced' && names.includes(event['phase']!))?.['reachedAtMs'];
  return {
    call: events.find((event) => event['kind'] === 'incident:opened')?.['callAtMs'],
    dispatched: at('assignment:made'),
    acknowledged: phase('acknowledged', 'en-route', 'on-scene'),
    enRoute: phase('en-route', 'on-scene'),
    arrived: phase('on-scene'),
    closed: at('incident:closed'),
  };
}

function spreadByHand(values: readonly (number | undefined)[]): object {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (known.length - 1);
    const [low, high] = [known[Math.floor(place)]!, known[Math.ceil(place)]!];
    return low + (high - low) * (place % 1);
  };
  return { n: known.length, medianMs: expect.closeTo(at(0.5), 6), p90Ms: expect.closeTo(at(0.9), 6) };
}

describe('times', () => {
  it('are those that the ledger tells, incident by incident, and say what is left out', async () => {
    const counted = ids.filter((_, n) => n !== 3 && n !== 4);
    const all = await Promise.all(counted.map(timesByHand));
    const between = (from: string, to: string) =>
      spreadByHand(
        all.map((one) => (one[from] === undefined || one[to] === undefined ? undefined : one[to] - one[from])),
      );
    const times = await report<TimesReportView>('times', '&by=type');
    expect(times.base).toEqual({ inRange: 13, merged: 1, dismissed: 2, counted: 10 });
    expect(times.total).toMatchObject({
      count: 10,
      stretches: {
        dispatch: between('call', 'dispatched'),
        acknowledge: between('dispatched', 'acknowledged'),
        departure: between('acknowledged', 'enRoute'),
        travel: between('enRoute', 'arrived'),
        response: between('call', 'arrived'),
        attention: between('arrived', 'closed'),
        total: between('call', 'closed'),
      },
    });
    expect(times.total!.stretches.response.n).toBe(8);
    expect(times.behind).toBe(false);
    expect(times.names['ORD-01']).toBe('Gresca / pelea callejera');
    expect(times.groups.map(({ key, count }) => [key, count]).sort()).toEqual([
      ['ORD-01', 3],
      ['ORD-03', 3],
      ['PAT-02', 2],
      ['VIF-01', 2],
    ]);
  });

  it('count who met the target of its priority', async () => {
    const p1 = await report<TimesReportView>('times', '&by=priority&priorities=P1');
    const targetMs = DEFAULT_DISPATCH_RULES.targets.P1.onSceneMs!;
    const own = await Promise.all([0, 1, 7, 8, 9, 11].map((n) => timesByHand(ids[n]!)));
    const met = own.filter(({ call, arrived }) => arrived! - call! <= targetMs).length;
    // Number 5 was closed without anybody of ours there.
    expect(p1.total!.targets.onScene).toEqual({ met, late: own.length - met, never: 1, running: 0 });
    expect(met).toBe(2);
  });

  it('keep to the hours that are asked for', async () => {
    const noon = await report<TimesReportView>('times', '&by=hour');
    const busy = noon.groups.filter(({ count }) => count > 0);
    const hour = Number(busy[0]!.key);
    const within = await report<TimesReportView>('times', `&by=hour&fromHour=${hour}&toHour=${(hour + 1) % 24}`);
    expect(within.base.counted).toBe(busy[0]!.count);
    const round = await report<TimesReportView>('times', `&by=hour&fromHour=${(hour + 1) % 24}&toHour=${hour}`);
    expect(round.base.counted).toBe(10 - busy[0]!.count);
  });

  it('follow what happens next', async () => {
    await act(ids[6]!, { kind: 'close', disposition: 'recorded-only' });
    const outcomes = await report<OutcomesReportView>('outcomes');
    expect(outcomes.total).toMatchObject({ unattended: 1, open: 1 });
  });
});

describe('outcomes', () => {
  it('are told with causes, and with who took what was referred', async () => {
    const outcomes = await report<OutcomesReportView>('outcomes', '&by=group');
    expect(outcomes.total).toEqual({
      count: 12,
      open: 1,
      attended: 8,
      unattended: 1,
      dismissed: 2,
      falseAlarm: 1,
      falseCall: 1,
      referred: 1,
      merged: 1,
    });
    expect(outcomes.dismissals).toEqual(
      expect.arrayContaining([
        { code: 'false-call', count: 1 },
        { code: 'not-located', count: 1 },
      ]),
    );
    expect(outcomes.referrals).toEqual([
      expect.objectContaining({ agency: 'SAMU', count: 1, taken: 1, takenBy: [{ name: 'Téc. Mamani', count: 1 }] }),
    ]);
    expect(outcomes.referrals[0]!.medianMs).toBeGreaterThanOrEqual(45_000);
    expect(outcomes.referrals[0]!.medianMs).toBeLessThan(60_000);
    expect(outcomes.groups.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });

  it('by shift and hour have the same sum', async () => {
    for (const by of ['shift', 'hour', 'weekday']) {
      const { groups } = await report<OutcomesReportView>('outcomes', `&by=${by}`);
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(12);
    }
  });
});

describe('the crime map', () => {
  it('shows cells, and never where a masked incident was', async () => {
    const map = await report<MapReportView>('map', '&cellM=100');
    expect(map.base).toEqual({ inRange: 13, shown: 8, merged: 1, dismissed: 2, masked: 2, placeless: 0, small: 0 });
    expect(map.cells.reduce((sum, { count }) => sum + count, 0)).toBe(8);
    expect(map.maskedBySector).toEqual([{ sectorId: null, count: 2 }]);
    const family = await report<MapReportView>('map', '&typeCode=VIF-01');
    expect([family.cells, family.heat]).toEqual([[], []]);
    expect(family.base).toMatchObject({ inRange: 3, masked: 2, shown: 0 });
  });
});

describe('those who see statistics alone', () => {
  it('see no small number, no name and no lonely cell', async () => {
    const times = await report<TimesReportView>('times', '&by=type', 'dina');
    expect(times).toMatchObject({ smallBelow: 5, groups: [], hiddenGroups: 4, total: { count: 10 } });
    const outcomes = await report<OutcomesReportView>('outcomes', '', 'dina');
    expect(outcomes.referrals).toEqual([]);
    expect(outcomes.dismissals.every(({ count }) => count === null)).toBe(true);
    const map = await report<MapReportView>('map', '&cellM=100', 'dina');
    expect([map.cells, map.heat, map.maskedBySector]).toEqual([[], [], []]);
    expect(map.base).toMatchObject({ shown: 0, small: 8 });
  });

  it('are refused a range that is none', async () => {
    const asked = await centre.ask('otto', 'GET', '/api/reports/times?fromDay=2026-02-01&toDay=2026-01-01');
    expect([asked.status, asked.body.code]).toEqual([400, 'report-range-wrong']);
    const refused = await centre.ask('beto', 'GET', `/api/reports/times?fromDay=${day}&toDay=${day}`);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission-missing']);
  });
});
