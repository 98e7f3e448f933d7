import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import type { LedgerAppended } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { MAX_BACKLOG, type Line } from './line.ts';
import { LedgerFollow } from './ledger-follow.ts';

const eventsBetween = (after: number, upTo: number): LedgerEvent[] =>
  Array.from({ length: upTo - after }, (_, index) => ({
    seq: after + index + 1,
    prev: '',
    atMs: 0,
    kind: 'ledger:keyAdopted',
    subject: { type: 'ledgerKey', id: 'k' },
    actor: { type: 'system', id: 'api' },
    commandId: '',
    payload: {},
  }));

/** A ledger of `head` events that grows while it is read, and a page that remembers what it was told. */
function scene(head: number, after: number, role: SignedInUser['role'] = 'auditor') {
  const told: LedgerAppended[] = [];
  const page = { backlog: 0, dropped: false };
  const ledger = { seq: head };
  const reader = {
    get seq() {
      return ledger.seq;
    },
    eventsAfter: (seq: number, limit: number) => Promise.resolve(eventsBetween(seq, Math.min(ledger.seq, seq + limit))),
  };
  const line: Line = {
    id: 'page',
    send: () => {},
    append: (appended) => told.push(appended),
    backlog: () => page.backlog,
    drop: () => (page.dropped = true),
    end: () => {},
  };
  const clock = new FakeClock();
  const user = { role } as SignedInUser;
  const follow = new LedgerFollow(after, undefined, () => user, line, reader, clock);
  const append = (count: number): void => {
    ledger.seq += count;
    follow.deliver(eventsBetween(ledger.seq - count, ledger.seq));
  };
  return { told, page, follow, append, clock, user };
}

const seqsOf = (told: readonly LedgerAppended[]): number[] =>
  told.flatMap(({ events }) => events.map(({ seq }) => seq));

describe('a page that follows the ledger', () => {
  it('is sent what it missed and then what comes, each once, each message continuing the one before', async () => {
    const { told, follow, append } = scene(450, 10);
    const done = follow.catchUp();
    append(3);
    await done;
    append(2);
    expect(seqsOf(told)).toEqual(Array.from({ length: 445 }, (_, index) => index + 11));
    expect(told.map(({ after }) => after)).toEqual([10, ...told.map(({ seq }) => seq).slice(0, -1)]);
  });

  it('is waited for while it catches up, and dropped when it is slow later', async () => {
    const { told, page, follow, append, clock } = scene(300, 0);
    page.backlog = MAX_BACKLOG;
    const done = follow.catchUp();
    await clock.advance(1_000);
    expect(told).toEqual([]);
    page.backlog = 0;
    await clock.advance(100);
    await done;
    expect(seqsOf(told)).toHaveLength(300);
    page.backlog = MAX_BACKLOG;
    append(1);
    expect(page.dropped).toBe(true);
    append(1);
    expect(seqsOf(told)).toHaveLength(300);
  });

  it('is told nothing of what its role may not see, but that numbers passed', async () => {
    const { told, follow, append, user } = scene(0, 0, 'operator');
    await follow.catchUp();
    append(999);
    expect(told).toEqual([]);
    append(1);
    expect(told).toEqual([{ after: 0, seq: 1_000, events: [] }]);
    append(5);
    (user as { role: string }).role = 'auditor';
    append(1);
    expect(told.at(-1)).toMatchObject({ after: 1_000, seq: 1_006, events: [{ seq: 1_006 }] });
  });

  it('is sent nothing after it stopped', async () => {
    const { told, follow, append } = scene(1_000, 0);
    const done = follow.catchUp();
    follow.stop();
    await done;
    append(1);
    expect(told).toEqual([]);
  });
});
