import { describe, expect, it } from '@jest/globals';
import { DEFAULT_AGE_BOUNDS, DEFAULT_FIX_BOUNDS, type Fix } from '#libs/avl';
import { FakeClock, silentLogger } from '#libs/base';
import { loggablePath } from '../http/request-log.ts';
import { newDeviceToken, tokenOfBasic } from './device-token.ts';
import { PositionMeter } from './position-meter.ts';
import { PositionBoard, type AreaCrossing } from './position-board.ts';
import { ReportBudget } from './report-budget.ts';
import { TrackWriter } from './track-writer.ts';
import type { StoredFix, TrackStore } from './track.store.ts';

const NOW = Date.UTC(2026, 10, 20, 15);
const fixAt = (seconds: number, longitudeDeg = -71): Fix => ({
  point: { latitudeDeg: -17, longitudeDeg },
  takenAtMs: NOW + seconds * 1_000,
  speedKmh: 10,
  bearingDeg: 90,
  altitudeM: null,
  accuracyM: 500,
  hdop: null,
  batteryShare: null,
  charging: null,
});

describe('the position board', () => {
  const scene = () => {
    const crossed: AreaCrossing[] = [];
    const board = new PositionBoard(DEFAULT_FIX_BOUNDS, DEFAULT_AGE_BOUNDS, (crossing) => crossed.push(crossing));
    return { board, crossed };
  };
  const idsOf = (rows: readonly (readonly unknown[])[]): unknown[] => rows.map(([id]) => id);

  it('numbers batches, and answers for any of them who moved since', () => {
    const { board } = scene();
    board.restore('old', fixAt(-60));
    expect([board.closeBatch(), board.rowsSince(0)]).toEqual([false, []]);
    board.take('a', fixAt(0), NOW);
    board.take('b', fixAt(0), NOW);
    expect([board.closeBatch(), board.seq, idsOf(board.rowsSince(0))]).toEqual([true, 1, ['a', 'b']]);
    board.take('a', fixAt(1), NOW);
    board.take('b', fixAt(-1), NOW);
    expect([board.closeBatch(), board.seq, idsOf(board.rowsSince(1)), idsOf(board.rowsSince(0))]).toEqual([
      true,
      2,
      ['a'],
      ['a', 'b'],
    ]);
  });

  it('tells entries once, and nothing of areas that are drawn, removed or known from before', () => {
    const { board, crossed } = scene();
    const area = (id: string) =>
      ({
        kind: 'zone',
        id,
        ring: [
          [-71.1, -17.1],
          [-70.9, -17.1],
          [-70.9, -16.9],
          [-71.1, -16.9],
          [-71.1, -17.1],
        ],
      }) as const;
    board.watch([area('z')]);
    board.restore('a', fixAt(0));
    board.take('a', fixAt(1), NOW);
    expect(crossed).toEqual([]);
    board.take('b', fixAt(0), NOW);
    board.take('b', fixAt(1), NOW);
    expect(crossed).toEqual([{ unitId: 'b', area: { kind: 'zone', id: 'z' }, kind: 'entered', atMs: NOW }]);
    board.watch([]);
    board.take('b', fixAt(2), NOW);
    expect([crossed.length, board.all(NOW).map(({ fences }) => fences)]).toEqual([1, [[], []]]);
  });

  it('ages what it knows', () => {
    const { board } = scene();
    board.take('a', fixAt(0), NOW);
    const ages = [0, 30_000, 180_000].map((agoMs) => board.positionOf('a', NOW + agoMs)?.age);
    expect([...ages, board.positionOf('b', NOW)]).toEqual(['fresh', 'stale', 'lost', null]);
  });
});

describe('the track writer', () => {
  const stored = (count: number): StoredFix[] =>
    Array.from({ length: count }, (_, index) => ({
      unitId: 'a',
      deviceId: null,
      receivedAtMs: NOW,
      late: false,
      fix: fixAt(index),
    }));
  const scene = () => {
    const clock = new FakeClock(NOW);
    const written: number[] = [];
    const disk = { fails: false };
    const store = {
      makeDays: () => Promise.resolve(),
      insert: (fixes: readonly StoredFix[]) => {
        if (disk.fails) return Promise.reject(new Error('disk away'));
        written.push(fixes.length);
        return Promise.resolve();
      },
    } as unknown as TrackStore;
    return { clock, written, disk, writer: new TrackWriter(store, clock, silentLogger, new PositionMeter()) };
  };

  it('writes in one statement what came together, and answers afterwards', async () => {
    const { clock, written, writer } = scene();
    let answered = 0;
    for (let call = 0; call < 3; call++) void writer.append(stored(2)).then(() => answered++);
    await clock.advance(49);
    expect([written, answered]).toEqual([[], 0]);
    await clock.advance(1);
    expect([written, answered]).toEqual([[6], 3]);
  });

  it('leaves nobody behind who comes just after the last was answered', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const { clock, written, writer } = scene();
      let second: Promise<void> | undefined;
      void writer.append(stored(1)).then(async () => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        second = writer.append(stored(2));
      });
      await clock.advance(50);
      await clock.advance(50);
      expect([turns, written]).toEqual([turns, [1, 2]]);
      await second;
    }
  });

  it('refuses what would wait too long, says what failed, and goes on', async () => {
    const { clock, written, disk, writer } = scene();
    disk.fails = true;
    const answers: string[] = [];
    const append = (count: number): void =>
      void writer.append(stored(count)).then(
        () => answers.push('ok'),
        (thrown: Error) => answers.push(thrown.message.split(':')[0]!),
      );
    append(20_000);
    append(1);
    await clock.advance(50);
    expect(answers).toEqual(['positions-busy', 'disk away']);
    disk.fails = false;
    append(1);
    await clock.advance(50);
    expect([answers.at(-1), written]).toEqual(['ok', [1]]);
  });
});

describe('a token', () => {
  it('is read of a Basic login, and of nothing else', () => {
    const token = newDeviceToken();
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(tokenOfBasic(basic(`any:${token}`))).toBe(token);
    for (const header of [
      undefined,
      '',
      `Bearer ${token}`,
      basic(token),
      basic(`any:${token}x`),
      basic('a'.repeat(900)),
    ])
      expect(tokenOfBasic(header)).toBeUndefined();
  });

  it('stands in no path that is logged', () => {
    const token = newDeviceToken();
    const paths = ['/api/positions/osmand/', '/API/Positions/OwnTracks/', '/typo/', '/api/positions/osmand/x/y/'];
    for (const path of paths) {
      const logged = [
        loggablePath(path + token),
        loggablePath(path + token.slice(0, 30)),
        loggablePath(path + token.slice(4)),
      ];
      expect(logged.join(' ')).not.toContain(token.slice(8, 26));
    }
    const id = '01920000-0000-7000-8000-000000000000';
    expect(loggablePath(`/api/units/${id}/track.gpx`)).toBe(`/api/units/${id}/track.gpx`);
  });
});

describe('a budget', () => {
  it('allows bursts up to its size, then as fast as it fills', () => {
    const budget = new ReportBudget(600, 60_000, 0);
    expect([budget.take(600, 0), budget.take(1, 0), budget.take(1, 100), budget.take(10, 600)]).toEqual([
      0, 100, 0, 500,
    ]);
    // More than it holds costs all of it, and is not refused for ever.
    expect(budget.take(5_000, 120_000)).toBe(0);
  });
});
