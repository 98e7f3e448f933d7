import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncidentItem, ReplayChangeView, ReplayPageView, ReplayTracksView, UnitView } from '#libs/wire';
import { addressOf, readAddress } from './address.ts';
import { boardAfter, happened, holds, logUpTo, stepWithin } from './page-moment.ts';
import { PastPositions, fixAt, joined, trailTo } from './past-positions.ts';
import { advance, seek, toggle, type Playhead } from './playhead.ts';
import { ReplayTape, type TapeSource } from './replay-tape.ts';
import { fieldOf, follow, momentAt, momentOfField, shareOf, ticks, zoom } from './time-scale.ts';

const WHOLE = { fromMs: 1_000_000, toMs: 1_000_000 + 3_600_000 };
const incident = (id: string, status: string) => ({ id, status }) as unknown as IncidentItem;
const unit = (id: string, status: string, position: unknown = null) =>
  ({ id, status, position }) as unknown as UnitView;
const change = (seq: number, atMs: number, more: Partial<ReplayChangeView> = {}): ReplayChangeView => ({
  seq,
  atMs,
  line: { by: 'a', byName: 'Ana', hidden: [], event: { kind: 'unit:checkedIn' } },
  incidents: [],
  units: [],
  ...more,
});
const page = (
  after: number,
  fromMs: number,
  untilMs: number,
  last: boolean,
  changes: ReplayChangeView[] = [],
): ReplayPageView => ({
  after,
  upTo: after + 200,
  fromMs,
  untilMs,
  board: { incidents: [incident('i', 'classified')], units: [unit('u', 'available', { takenAtMs: 1 })] },
  changes,
  previousAfter: after === 0 ? null : after - 200,
  nextAfter: last ? null : after + 200,
});

describe('a page at a moment', () => {
  const changes = [
    change(1, 10, { incidents: [incident('i', 'assigned')], units: [unit('u', 'assigned')] }),
    change(2, 10, { line: null }),
    change(3, 30, { incidents: [incident('i', 'closed'), incident('j', 'registered')] }),
  ];
  const one = page(0, 0, 40, false, changes);

  it('holds its moments, and the last page its end', () => {
    expect([0, 39, 40, -1].map((atMs) => holds(one, atMs))).toEqual([true, true, false, false]);
    expect(holds({ ...one, nextAfter: null }, 40)).toBe(true);
  });

  it('has happened as far as the moment, what is of one instant together', () => {
    expect([0, 9, 10, 29, 30, 99].map((atMs) => happened(one, atMs))).toEqual([0, 0, 2, 2, 3, 3]);
    expect(boardAfter(one, 0).incidents).toEqual([incident('i', 'classified')]);
    expect(boardAfter(one, 3).incidents).toEqual([incident('i', 'closed'), incident('j', 'registered')]);
    // The board is told its positions once; a later state of the unit does not take it off the map.
    expect(boardAfter(one, 3).units).toEqual([unit('u', 'assigned', { takenAtMs: 1 })]);
  });

  it('steps from entry to entry that may be read', () => {
    expect([stepWithin(one, 0, 1), stepWithin(one, 10, 1), stepWithin(one, 30, 1)]).toEqual([10, 30, null]);
    expect([stepWithin(one, 30, -1), stepWithin(one, 10, -1)]).toEqual([10, null]);
    expect(logUpTo([one], 29, 10).map(({ seq }) => seq)).toEqual([1]);
    expect(logUpTo([one], 30, 1).map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('the playhead', () => {
  const head: Playhead = { atMs: WHOLE.fromMs, playing: true, speed: 60 };

  it('goes as fast as it is told, waits for what is not there, and stops at the end', () => {
    expect(advance(head, 100, WHOLE, true).atMs).toBe(WHOLE.fromMs + 6_000);
    expect(advance(head, 100, WHOLE, false)).toBe(head);
    expect(advance({ ...head, playing: false }, 100, WHOLE, true).atMs).toBe(WHOLE.fromMs);
    // A tab that slept for an hour goes on where it was.
    expect(advance(head, 3_600_000, WHOLE, true).atMs).toBe(WHOLE.fromMs + 30_000);
    expect(advance({ ...head, atMs: WHOLE.toMs - 1 }, 100, WHOLE, true)).toEqual({
      ...head,
      atMs: WHOLE.toMs,
      playing: false,
    });
  });

  it('begins anew at the end, and never leaves its time', () => {
    expect(toggle({ ...head, playing: false, atMs: WHOLE.toMs }, WHOLE)).toEqual({ ...head, atMs: WHOLE.fromMs });
    expect(seek(head, 0, WHOLE).atMs).toBe(WHOLE.fromMs);
    expect(seek(head, Infinity, WHOLE).atMs).toBe(WHOLE.toMs);
  });
});

describe('the time axis', () => {
  it('keeps the moment under the pointer where it is, and its view within the whole', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.constantFrom(0.5, 0.8, 1.25, 2), { maxLength: 12 }),
        (share, factors) => {
          const aroundMs = momentAt(share, WHOLE);
          let view = WHOLE;
          for (const factor of factors) {
            view = zoom(view, factor, aroundMs, WHOLE);
            expect(view.fromMs).toBeGreaterThanOrEqual(WHOLE.fromMs);
            expect(view.toMs).toBeLessThanOrEqual(WHOLE.toMs + 1e-6);
            expect(view.toMs - view.fromMs).toBeGreaterThanOrEqual(120_000 - 1e-6);
            expect(shareOf(aroundMs, view)).toBeGreaterThanOrEqual(-1e-9);
            expect(shareOf(aroundMs, view)).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
    const half = zoom(WHOLE, 0.5, momentAt(0.25, WHOLE), WHOLE);
    expect(shareOf(momentAt(0.25, WHOLE), half)).toBeCloseTo(0.25);
    const later = follow(half, WHOLE.toMs - 1_000, WHOLE);
    expect([later.fromMs <= WHOLE.toMs - 1_000, later.toMs]).toEqual([true, WHOLE.toMs]);
    expect(follow(half, half.fromMs, WHOLE)).toBe(half);
  });

  it('marks round hours of Lima', () => {
    const noonMs = Date.UTC(2026, 10, 22, 17);
    expect(
      ticks({ fromMs: noonMs - 1, toMs: noonMs + 8 * 3_600_000 }, 9).map((atMs) => fieldOf(atMs).slice(11)),
    ).toEqual(['12:00', '13:00', '14:00', '15:00', '16:00', '17:00', '18:00', '19:00', '20:00']);
    expect(
      ticks({ fromMs: noonMs, toMs: noonMs + 86_400_000 }, 10).every((atMs) => fieldOf(atMs).endsWith(':00')),
    ).toBe(true);
    expect(momentOfField(fieldOf(noonMs))).toBe(noonMs);
    expect(momentOfField('2026-11-22T12:00:30')).toBe(noonMs + 30_000);
    expect(momentOfField('')).toBeNaN();
  });
});

describe('positions of the past', () => {
  type Fixes = ReplayTracksView['tracks'][number]['fixes'];
  const fixes: Fixes = [
    [10_000, 1, 2, 90, 20],
    [20_000, 1, 3, 90, 20],
    [30_000, 1, 4, null, null],
  ];

  it('are the last one heard by then, and none of what was silent for an hour', () => {
    expect(fixAt(fixes, 9_999)).toBeUndefined();
    expect(fixAt(fixes, 29_999)).toMatchObject({ takenAtMs: 20_000, longitudeDeg: 3 });
    expect(fixAt(fixes, 30_000 + 3_600_001)).toBeUndefined();
    expect(trailTo(fixes, 30_000, 15_000)).toEqual([
      [1, 3],
      [1, 4],
    ]);
  });

  it('of several pieces are one track', () => {
    const piece = (tracks: ReplayTracksView['tracks']): ReplayTracksView => ({
      fromMs: 0,
      toMs: 1,
      kept: true,
      stepMs: 1,
      tracks,
    });
    const all = joined([
      piece([{ unitId: 'u', fixes: fixes.slice(0, 1) }]),
      piece([{ unitId: 'u', fixes: fixes.slice(1) }]),
    ]);
    expect(all.get('u')).toEqual(fixes);
  });

  it('tell a map what moved, backwards too', () => {
    const positions = new PastPositions();
    const heard: string[][] = [];
    positions.subscribe((moved) => heard.push([...moved].map(([id, { takenAtMs }]) => `${id}@${takenAtMs}`)));
    const at = (atMs: number) => new Map([['u', fixAt(fixes, atMs)!]]);
    positions.show(at(30_000));
    positions.show(at(30_500));
    positions.show(at(10_000));
    positions.show(new Map());
    expect(heard).toEqual([['u@30000'], ['u@10000']]);
    expect(positions.all().size).toBe(0);
  });
});

describe('the tape', () => {
  /** A source that answers when it is told to. */
  function slow() {
    const asked: unknown[] = [];
    const answers: (() => void)[] = [];
    const source: TapeSource = {
      page: (query) => {
        asked.push(query);
        return new Promise((resolve, reject) => {
          const atMs = 'atMs' in query ? query.atMs : (query.after / 200) * 1_000;
          const after = Math.floor(atMs / 1_000) * 200;
          answers.push(() =>
            after > 1_000
              ? reject(new Error('no'))
              : resolve(page(after, after * 5, after * 5 + 1_000, after === 1_000)),
          );
        });
      },
      piece: () => Promise.resolve({ fromMs: 0, toMs: 600_000, kept: true, stepMs: 1_000, tracks: [] }),
    };
    const answer = async (): Promise<void> => {
      answers.shift()!();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    return { tape: new ReplayTape(source, { fromMs: 0, toMs: 6_000 }), asked, answer };
  }

  it('fetches where the pointer came to rest, not all that it passed', async () => {
    const { tape, asked, answer } = slow();
    for (const atMs of [100, 2_100, 3_100, 4_100]) tape.want(atMs);
    expect(asked).toEqual([{ atMs: 100 }]);
    await answer();
    expect(asked).toEqual([{ atMs: 100 }, { atMs: 4_100 }]);
    await answer();
    expect(tape.pageAt(4_100)?.after).toBe(800);
    expect(tape.pageAt(3_100)).toBeUndefined();
    // Then the page before it, for its log.
    expect(asked.at(-1)).toEqual({ after: 600 });
    await answer();
    expect(tape.pagesUpTo(4_100).map(({ after }) => after)).toEqual([600, 800]);
  });

  it('has the next page before it is needed', async () => {
    const { tape, asked, answer } = slow();
    tape.want(100);
    await answer();
    expect(asked).toHaveLength(1);
    tape.want(700);
    expect(asked.at(-1)).toEqual({ after: 200 });
    await answer();
    expect(tape.pageAt(1_000)?.after).toBe(200);
  });

  it('tells of a refusal and tries again when asked again', async () => {
    const { tape, asked, answer } = slow();
    tape.want(5_500 + 1_000);
    await answer();
    expect(tape.failure).toBeInstanceOf(Error);
    tape.want(100);
    expect(asked).toHaveLength(2);
    await answer();
    expect(tape.failure).toBeNull();
  });
});

describe('the address', () => {
  it('says a moment, and reads it back', () => {
    const said = { openingId: null, incidentId: '00000001-0000-8000-8000-00000000000a', fromMs: 5, toMs: 9, atMs: 7 };
    expect(addressOf(said)).toBe('?incident=00000001-0000-8000-8000-00000000000a&from=5&to=9&at=7');
    expect(readAddress(addressOf(said))).toEqual(said);
  });

  it('passes over what is none', () => {
    expect(readAddress('?incident=x&from=1e9&to=-4&at=99999999999999999&opening=')).toEqual({
      openingId: null,
      incidentId: null,
      fromMs: null,
      toMs: null,
      atMs: null,
    });
  });
});
