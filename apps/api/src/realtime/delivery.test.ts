import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Role } from '#libs/access';
import { FakeClock, silentLogger } from '#libs/base';
import type { PositionBatch, Snapshot, SubscribeAnswer, Topic, TopicChange } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { Delivery } from './delivery.ts';
import { Follower } from './follower.ts';
import type { Line } from './line.ts';
import { RealtimeService } from './realtime.service.ts';

class Page implements Line {
  readonly got: TopicChange[] = [];
  readonly ended: string[] = [];
  dropped = 0;
  unread = 0;
  constructor(readonly id = 'page') {}
  send = (change: TopicChange): void => void this.got.push(change);
  append = (): void => {};
  backlog = (): number => this.unread;
  drop = (): void => void this.dropped++;
  end = (code: string): void => void this.ended.push(code);
}

const userOf = (sessionId: string, role: Role = 'operator'): SignedInUser => ({
  sessionId,
  accountId: `account-${sessionId}`,
  username: sessionId,
  displayName: sessionId,
  role,
  ip: '',
  expiresAtMs: 0,
});

function scene(): {
  clock: FakeClock;
  realtime: RealtimeService;
  delivery: Delivery;
  standing: Map<string, SignedInUser>;
  database: { up: boolean; asked: number };
  join: (user: SignedInUser) => { page: Page; follower: Follower };
} {
  const clock = new FakeClock();
  const realtime = new RealtimeService(clock, silentLogger);
  const standing = new Map<string, SignedInUser>();
  const database = { up: true, asked: 0 };
  const ask = (): Promise<Map<string, SignedInUser>> => {
    database.asked++;
    return database.up ? Promise.resolve(new Map(standing)) : Promise.reject(new Error('database away'));
  };
  const delivery = new Delivery(ask, clock, silentLogger);
  realtime.listen((change) => delivery.push(change));
  const join = (user: SignedInUser): { page: Page; follower: Follower } => {
    const page = new Page(user.sessionId);
    const follower = new Follower(user, clock.monotonicMs(), page, () => {});
    standing.set(user.sessionId, user);
    delivery.add(follower);
    return { page, follower };
  };
  return { clock, realtime, delivery, standing, database, join };
}

const ignore = (): void => {};
const emptySnapshot = (topic: Topic, seq: number) => (): Promise<Snapshot<Topic>> =>
  Promise.resolve({ topic, epoch: 'e', seq, items: [], serverNowMs: 0 });

describe('a follower', () => {
  it('is told after its snapshot what was published while the snapshot was read', async () => {
    const { realtime, clock, join } = scene();
    const { page, follower } = join(userOf('s'));
    let finish: () => void = ignore;
    const order: string[] = [];
    page.send = (change) => void order.push(`change ${change.seq}`);
    realtime.register('zones', () => new Promise((resolve) => (finish = () => resolve([]))));
    realtime.removed('zones', 'before');
    const answered = follower.subscribe(
      'zones',
      () => realtime.snapshot('zones'),
      (answer) => order.push(answer.ok ? `snapshot ${answer.snapshot.seq}` : answer.code),
    );
    realtime.removed('zones', 'during');
    await clock.advance(0);
    finish();
    await answered;
    realtime.removed('zones', 'after');
    await clock.advance(0);
    expect(order).toEqual(['snapshot 1', 'change 2', 'change 3']);
  });

  it('sees every item as it is stored at last, however changes, reads and subscriptions interleave', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), id: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant('subscribe' as const) }),
      fc.record({ kind: fc.constant('finishRead' as const) }),
      fc.record({ kind: fc.constant('turn' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { realtime, clock, join } = scene();
        const { page, follower } = join(userOf('s'));
        const stored = new Map<string, string>();
        const seen = new Map<string, string>();
        const reads: (() => void)[] = [];
        let seq = -1;
        const itemsNow = (): never[] => [...stored].map(([id, name]) => ({ id, name })) as never[];
        realtime.register('zones', () => {
          const items = itemsNow();
          return new Promise((resolve) => reads.push(() => resolve(items)));
        });
        page.send = (change) => {
          expect(change.seq).toBe(++seq);
          if (change.kind === 'removed') seen.delete(change.id);
          else seen.set(change.item.id, (change.item as { name: string }).name);
        };
        const subscribe = (): Promise<void> =>
          follower.subscribe(
            'zones',
            () => realtime.snapshot('zones'),
            (answer: SubscribeAnswer) => {
              if (!answer.ok) return;
              seen.clear();
              for (const item of answer.snapshot.items) seen.set(item.id, (item as { name: string }).name);
              seq = answer.snapshot.seq;
            },
          );
        const subscriptions = [subscribe()];
        for (const [at, { kind, ...rest }] of steps.entries()) {
          const id = 'id' in rest ? String(rest.id) : '';
          if (kind === 'write') {
            stored.set(id, `name ${at}`);
            realtime.changed('zones', { id, name: `name ${at}` } as never);
          } else if (kind === 'remove') {
            stored.delete(id);
            realtime.removed('zones', id);
          } else if (kind === 'subscribe') subscriptions.push(subscribe());
          else if (kind === 'finishRead') reads.shift()?.();
          else await clock.advance(1);
        }
        for (const read of reads) read();
        await Promise.all(subscriptions);
        await clock.advance(1);
        expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(stored));
        expect(page.dropped).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('that reads too slowly is cut off and told nothing more', async () => {
    const { realtime, clock, join } = scene();
    const [slow, quick] = [join(userOf('slow')), join(userOf('quick'))];
    for (const { follower } of [slow, quick]) await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    slow.page.unread = 512;
    realtime.removed('zones', 'a');
    realtime.removed('zones', 'b');
    await clock.advance(0);
    expect([slow.page.got.length, slow.page.dropped]).toEqual([0, 1]);
    expect(quick.page.got).toHaveLength(2);
  });

  it('whose snapshot takes too long is cut off rather than filling the memory', async () => {
    const { realtime, clock, join } = scene();
    const { page, follower } = join(userOf('s'));
    void follower.subscribe('zones', () => new Promise(ignore), ignore);
    for (let count = 0; count <= 2_000; count++) realtime.removed('zones', 'a');
    await clock.advance(0);
    expect(page.dropped).toBe(1);
  });

  it('gives up the first of two subscriptions to one topic', async () => {
    const { follower } = scene().join(userOf('s'));
    const answers: (string | number)[] = [];
    let finishFirst: (snapshot: Snapshot<Topic>) => void = ignore;
    const keep = (answer: SubscribeAnswer): void => void answers.push(answer.ok ? answer.snapshot.seq : answer.code);
    const first = follower.subscribe('zones', () => new Promise((resolve) => (finishFirst = resolve)), keep);
    await follower.subscribe('zones', emptySnapshot('zones', 9), keep);
    finishFirst({ topic: 'zones', epoch: 'e', seq: 1, items: [], serverNowMs: 0 });
    await first;
    expect(answers).toEqual([9, 'superseded']);
  });
});

describe('Delivery', () => {
  it('decides at publication: whoever was signed out elsewhere hears nothing more', async () => {
    const { realtime, clock, standing, join } = scene();
    const { page, follower } = join(userOf('s'));
    await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    realtime.removed('zones', 'a');
    await clock.advance(1_000);
    standing.delete('s');
    realtime.removed('zones', 'b');
    await clock.advance(0);
    expect(page.got.map((change) => change.seq)).toEqual([1]);
    expect(page.ended).toEqual(['session-ended']);
  });

  it('closes at once what this process ends, before anything else is published', async () => {
    const { realtime, clock, delivery, join } = scene();
    const { page, follower } = join(userOf('s'));
    await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    realtime.removed('zones', 'a');
    delivery.endSessions(['s']);
    await clock.advance(0);
    expect([page.got.length, page.ended]).toEqual([0, ['session-ended']]);
  });

  it('stops a topic that the role may not see any more', async () => {
    const { realtime, clock, standing, join } = scene();
    const { page, follower } = join(userOf('s', 'supervisor'));
    await follower.subscribe('candidates', emptySnapshot('candidates', 0), ignore);
    standing.set('s', userOf('s', 'operator'));
    await clock.advance(1_000);
    realtime.removed('candidates', 'a');
    await clock.advance(0);
    expect(page.got).toEqual([]);
    expect(follower.follows('candidates')).toBe(false);
  });

  it('closes an idle page whose session is over, though nothing is published', async () => {
    const { clock, standing, join } = scene();
    const { page } = join(userOf('s'));
    standing.clear();
    await clock.advance(5_000);
    expect(page.ended).toEqual(['session-ended']);
  });

  it('asks once a second, not once a change', async () => {
    const { realtime, clock, database, join } = scene();
    const { follower } = join(userOf('s'));
    await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    await clock.advance(2_000);
    for (let count = 0; count < 100; count++) {
      realtime.removed('zones', 'a');
      await clock.advance(1);
    }
    expect(database.asked).toBe(1);
  });

  it('holds changes while the database is away and delivers them in order when it is back', async () => {
    const { realtime, clock, database, join } = scene();
    const { page, follower } = join(userOf('s'));
    await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    database.up = false;
    await clock.advance(2_000);
    for (const id of ['a', 'b', 'c']) realtime.removed('zones', id);
    await clock.advance(3_000);
    expect(page.got).toEqual([]);
    database.up = true;
    await clock.advance(500);
    expect(page.got.map((change) => change.seq)).toEqual([1, 2, 3]);
  });

  it('lets every page begin anew when too much waits, and keeps serving', async () => {
    const { realtime, clock, database, join } = scene();
    const { page, follower } = join(userOf('s'));
    await follower.subscribe('zones', emptySnapshot('zones', 0), ignore);
    database.up = false;
    await clock.advance(2_000);
    for (let count = 0; count <= 5_000; count++) realtime.removed('zones', 'a');
    expect(page.dropped).toBe(1);
    database.up = true;
    const again = join(userOf('t'));
    await again.follower.subscribe('zones', emptySnapshot('zones', realtime.seqOf('zones')), ignore);
    realtime.removed('zones', 'b');
    await clock.advance(1_000);
    expect(again.page.got).toHaveLength(1);
  });
});

describe('moves of units', () => {
  /** Batches of moves: unit `u<n>` moved last in batch n of the map. */
  class Moves {
    seq = 0;
    private readonly last = new Map<string, number>();

    move(unitId: string): this {
      this.last.set(unitId, ++this.seq);
      return this;
    }

    rowsSince(seq: number): PositionBatch['rows'] {
      return [...this.last].filter(([, at]) => at > seq).map(([id, at]) => [id, 0, 0, null, null, at]);
    }
  }

  async function following(role: Role = 'dispatcher') {
    const { clock, delivery, standing, database, join } = scene();
    const told: string[] = [];
    const one = async (sessionId: string) => {
      const joined = join(userOf(sessionId, role));
      delivery.followMoves(joined.follower);
      await joined.follower.subscribe('units', emptySnapshot('units', 0), ignore);
      return joined;
    };
    const moves = new Moves();
    const tell = () =>
      delivery.tellMoves(moves, (lines, seq, rows) =>
        told.push(
          `${lines.map(({ id }) => id).join('+')} ${seq}: ${rows.map(([id, , , , , at]) => id + at).join(' ')}`,
        ),
      );
    return { clock, delivery, standing, database, moves, told, tell, one };
  }

  it('are written once for all pages that keep up', async () => {
    const { moves, told, tell, one } = await following();
    await one('a');
    await one('b');
    moves.move('x').move('y');
    await tell();
    await tell();
    moves.move('x');
    await tell();
    expect(told).toEqual(['a+b 2: x1 y2', 'a+b 3: x3']);
  });

  it('reach a slow page later, each unit once and where it is by then', async () => {
    const { moves, told, tell, one } = await following();
    await one('a');
    const { page } = await one('b');
    page.unread = 3;
    await (moves.move('x').move('y'), tell());
    await (moves.move('x'), tell());
    page.unread = 0;
    await (moves.move('z'), tell());
    expect(told).toEqual(['a 2: x1 y2', 'a 3: x3', 'a 4: z4', 'b 4: x3 y2 z4']);
  });

  it('tell where a unit is to a block to those who may know no more', async () => {
    const { moves, one, delivery } = await following();
    await one('a');
    await one('b');
    const told: unknown[] = [];
    const moved = {
      seq: 1,
      rowsSince: () => [['x', -17.645_912, -71.345_387, null, null, 1] as PositionBatch['rows'][number]],
      coarseFor: ({ sessionId }: SignedInUser) => new Set(sessionId === 'b' ? ['x', 'y'] : []),
    };
    moves.move('x');
    await delivery.tellMoves(moved, (lines, _, rows) => told.push([lines[0]!.id, rows[0]!.slice(0, 3)]));
    expect(told).toEqual([
      ['a', ['x', -17.645_912, -71.345_387]],
      ['b', ['x', -17.646, -71.345]],
    ]);
  });

  it('are not told to who comes later, may not see them, is signed out, or while nobody knows who is', async () => {
    const { clock, standing, database, moves, told, tell, one } = await following();
    const { follower } = await one('a');
    await (moves.move('x'), tell());
    await one('b');
    await tell();
    expect(told).toEqual(['a 1: x1']);
    standing.set('a', { ...follower.user, role: 'patrol' });
    standing.delete('b');
    await clock.advance(1_000);
    await (moves.move('x'), tell());
    database.up = false;
    await clock.advance(1_000);
    await (moves.move('x'), tell());
    expect(told).toHaveLength(1);
  });
});
