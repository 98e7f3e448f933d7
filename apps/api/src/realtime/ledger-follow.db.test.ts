import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { Role } from '#libs/access';
import { ok, systemClock } from '#libs/base';
import { LEDGER_KINDS } from '#libs/ledger';
import type { ClientEvents, FollowLedger, FollowLedgerAnswer, LedgerAppended, ServerEvents } from '#libs/wire';
import { FollowEndedError, LedgerFollower } from '../../../../scripts/ledger-follow/ledger-follower.ts';
import { CuttableWire } from '../../testing/cuttable-wire.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { AccountEntity } from '../access/account.entity.ts';
import { LedgerService } from '../ledger/ledger.service.ts';

type PageSocket = Socket<ServerEvents, ClientEvents>;

let test: TestApplication;
let ledger: LedgerService;
const sockets: PageSocket[] = [];

beforeAll(async () => {
  test = await startTestApplication();
  ledger = test.app.get(LedgerService, { strict: false });
  await eventually(() => ledger.seq >= 1);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => test.close());

const draft = LEDGER_KINDS.draft('ledger:keyAdopted', 'of-a-test', { publicKey: 'AAAA' });

async function append(): Promise<void> {
  const result = await ledger.execute({
    commandId: randomUUID(),
    actor: { type: 'system', id: 'test' },
    name: 'test:append',
    input: null,
    run: () => Promise.resolve(ok({ value: null, events: [draft] })),
  });
  if (!result.ok) throw new Error(result.refusal.code);
}

/** A page with its own cursor, as a client keeps it: it stops at the first message that does not continue it. */
class Page {
  readonly seqs: number[] = [];
  cursor = 0;
  socket: PageSocket | undefined;

  async open(account: AccountEntity): Promise<void> {
    const extraHeaders = { cookie: await test.cookieOf(account) };
    const socket: PageSocket = io(test.url, { transports: ['websocket'], forceNew: true, extraHeaders });
    sockets.push(socket);
    this.socket = socket;
    socket.on('ledger:appended', (appended) => this.take(appended));
    await new Promise<void>((resolve) => socket.once('connect', resolve));
  }

  async follow(request: FollowLedger): Promise<FollowLedgerAnswer> {
    const answer: FollowLedgerAnswer = await this.socket!.timeout(5_000).emitWithAck('ledger:follow', request);
    if (answer.ok) this.cursor = answer.after;
    return answer;
  }

  private take({ after, seq, events }: LedgerAppended): void {
    if (after !== this.cursor) throw new Error(`at ${this.cursor} came what continues ${after}`);
    this.cursor = seq;
    this.seqs.push(...events.map((event) => event.seq));
  }
}

let names = 0;
const account = (role: Role): Promise<AccountEntity> => test.addAccount(`cuenta-${names++}`, role);

describe('a page that follows the ledger', () => {
  it('and was away gets every event once, in order', async () => {
    const auditor = await account('auditor');
    const page = new Page();
    const writing = (async () => {
      for (let count = 0; count < 120; count++) await append();
    })();
    for (let visit = 0; visit < 3; visit++) {
      await page.open(auditor);
      expect(await page.follow({ after: page.cursor })).toMatchObject({ ok: true });
      const until = page.cursor + 15;
      await eventually(() => page.cursor >= until);
      page.socket!.disconnect();
    }
    await writing;
    await page.open(auditor);
    await page.follow({ after: page.cursor });
    await eventually(() => page.cursor === ledger.seq);
    expect(page.seqs).toEqual(Array.from({ length: ledger.seq }, (_, index) => index + 1));
  });

  it('and whose line is cut again and again, and who reads slowly, gets every event once, in order', async () => {
    const wire = new CuttableWire('127.0.0.1', Number(new URL(test.url).port));
    const url = `http://127.0.0.1:${await wire.join()}`;
    const seqs: number[] = [];
    const follower = new LedgerFollower(
      url,
      0,
      async (events) => {
        seqs.push(...events.map(({ seq }) => seq));
        await new Promise((resolve) => setImmediate(resolve));
      },
      systemClock,
    );
    const over = new AbortController();
    const running = follower.run(await test.cookieOf(await account('auditor')), over.signal);
    for (let cut = 0; cut < 3; cut++) {
      const before = ledger.seq;
      await Promise.all(Array.from({ length: 40 }, append));
      // In the middle of what it is sent.
      await eventually(() => follower.cursor > before);
      await wire.cut();
      await Promise.all(Array.from({ length: 10 }, append));
      await wire.join();
    }
    await eventually(() => follower.cursor === ledger.seq);
    over.abort();
    await running;
    await wire.cut();
    expect(seqs).toEqual(Array.from({ length: ledger.seq }, (_, index) => index + 1));
  });

  it('that is told the truth about its cursor, and its login, ends', async () => {
    const auditor = await account('auditor');
    const endOf = (after: number, cookie: string) =>
      new LedgerFollower(test.url, after, () => {}, systemClock)
        .run(cookie, AbortSignal.timeout(10_000))
        .catch((thrown: unknown) => (thrown instanceof FollowEndedError ? thrown.code : thrown));
    expect(await endOf(1_000_000, await test.cookieOf(auditor))).toBe('ledger-too-far');
    expect(await endOf(0, 'atalaya_session=none')).toBe('not-signed-in');
  });

  it('sees what its role may see when it is published, not when it connected', async () => {
    const promoted = await account('operator');
    const page = new Page();
    await page.open(promoted);
    expect(await page.follow({ after: 0 })).toMatchObject({ ok: true, after: 0 });
    await append();
    await test.dataSource.query("UPDATE account SET role = 'auditor' WHERE id = $1", [promoted.id]);
    test.clock.forward(2_000);
    await append();
    await eventually(() => page.seqs.length === 1);
    expect(page.seqs).toEqual([ledger.seq]);
    await test.dataSource.query("UPDATE account SET role = 'operator' WHERE id = $1", [promoted.id]);
    test.clock.forward(2_000);
    await append();
    const other = new Page();
    await other.open(await account('auditor'));
    await other.follow({ after: ledger.seq - 1 });
    await eventually(() => other.seqs.length === 1);
    expect(page.seqs).toHaveLength(1);
  });

  it('asks for what it wants: only what comes, only some subjects', async () => {
    const auditor = await account('auditor');
    const [next, incidents] = [new Page(), new Page()];
    await Promise.all([next.open(auditor), incidents.open(auditor)]);
    expect(await next.follow({ after: null })).toMatchObject({ ok: true, after: ledger.seq });
    await incidents.follow({ after: 0, subjects: ['incident'] });
    await append();
    await eventually(() => next.seqs.length === 1);
    expect(next.seqs).toEqual([ledger.seq]);
    expect(incidents.seqs).toEqual([]);
    next.socket!.emit('ledger:unfollow');
    await next.follow({ after: ledger.seq });
    await append();
    await eventually(() => next.seqs.length === 2);
  });

  it('is refused what makes no sense', async () => {
    const page = new Page();
    await page.open(await account('auditor'));
    expect(await page.follow({ after: 1_000_000 })).toMatchObject({ ok: false, code: 'ledger-too-far' });
    for (const request of [{ after: -1 }, { after: 'x' }, {}, { after: 0, subjects: [] }, null])
      expect(await page.follow(request as FollowLedger)).toMatchObject({ ok: false, code: 'input-invalid' });
  });
});
