import { createPublicKey, randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LEDGER_RULES } from '#libs/access';
import { ok, silentLogger } from '#libs/base';
import { LEDGER_KINDS, isGenuine, keyIdOf, parseSignedHead, publicKeyText, type LedgerEvent } from '#libs/ledger';
import type { ErrorBody, LedgerKeyView, LedgerPage, LedgerStateView, SignedHeadView } from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { EVERY_KIND } from '../ledger-inventory.ts';
import { LedgerFeed } from './ledger-feed.ts';
import { LedgerService } from './ledger.service.ts';
import { LedgerStore } from './ledger.store.ts';
import { openSigningKey } from './signing-key.ts';

let test: TestApplication;
let ledger: LedgerService;
let auditor: string;
let operator: string;

beforeAll(async () => {
  test = await startTestApplication();
  ledger = test.app.get(LedgerService, { strict: false });
  auditor = await test.cookieOf(await test.addAccount('auditora', 'auditor'));
  operator = await test.cookieOf(await test.addAccount('operadora', 'operator'));
  await eventually(async () => (await state()).signed !== null);
});
afterAll(() => test.close());

const get = async <T>(path: string): Promise<T> =>
  (await (await test.call('GET', path, { cookie: auditor })).json()) as T;
const state = (): Promise<LedgerStateView> => get('/api/ledger/state');
const draft = LEDGER_KINDS.draft('ledger:keyAdopted', 'of-a-test', { publicKey: 'AAAA' });

async function append(count = 1): Promise<number> {
  const result = await ledger.execute({
    commandId: randomUUID(),
    actor: { type: 'account', id: 'a-1', name: 'Ana' },
    name: 'test:append',
    input: { count },
    run: () => Promise.resolve(ok({ value: null, events: Array.from({ length: count }, () => draft) })),
  });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value.events!.lastSeq;
}

async function verify(): Promise<LedgerStateView['last']> {
  const before = (await state()).last?.startedAtMs;
  test.clock.forward(60_000);
  expect((await test.call('POST', '/api/ledger/verifications', { cookie: auditor, body: {} })).status).toBe(202);
  await eventually(async () => {
    const { last, running } = await state();
    return running === null && last !== null && last.startedAtMs !== before;
  });
  return (await state()).last;
}

async function sign(): Promise<SignedHeadView> {
  const response = await test.call('POST', '/api/ledger/heads', { cookie: auditor, body: {} });
  return (await response.json()) as SignedHeadView;
}

/** What somebody with the database in his hands can do: the triggers do not see it. */
async function behindItsBack(...statements: string[]): Promise<void> {
  const runner = test.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SET LOCAL session_replication_role = replica');
  for (const sql of statements) await runner.query(sql);
  await runner.commitTransaction();
  await runner.release();
}

describe('the key of the ledger', () => {
  it('is made once, for its owner alone, and adopted by the first entry', async () => {
    const file = join(test.config.dataFolder, 'keys', 'ledger-signing.pem');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = openSigningKey(test.config.dataFolder);
    expect(openSigningKey(test.config.dataFolder).keyId).toBe(key.keyId);
    const [first] = await ledger.eventsAfter(0, 1);
    expect(first).toMatchObject({
      seq: 1,
      kind: 'ledger:keyAdopted',
      subject: { type: 'ledgerKey', id: key.keyId },
      actor: { type: 'system', id: 'api' },
      payload: { publicKey: publicKeyText(key.publicKey) },
    });
  });

  it('is given to an auditor, its public half alone', async () => {
    const { keyId, publicKeyPem } = await get<LedgerKeyView>('/api/ledger/key');
    expect(keyIdOf(createPublicKey(publicKeyPem))).toBe(keyId);
    expect(publicKeyPem).not.toContain('PRIVATE');
  });

  it('signs a head when asked, once per head, and keeps the last beside the database', async () => {
    const seq = await append();
    const head = await sign();
    expect(head.seq).toBe(seq);
    expect(isGenuine(head, createPublicKey((await get<LedgerKeyView>('/api/ledger/key')).publicKeyPem))).toBe(true);
    test.clock.forward(1_000);
    expect(await sign()).toEqual(head);
    const kept = readFileSync(join(test.config.dataFolder, 'keys', 'ledger-head.json'), 'utf8');
    expect(parseSignedHead(kept)).toEqual(head);
    expect((await state()).signed).toEqual(head);
  });
});

describe('the registry', () => {
  it('has a rule of who may see it for every kind, and no rule besides', () => {
    expect(Object.keys(LEDGER_RULES).sort()).toEqual([...EVERY_KIND.names].sort());
  });
});

describe('entries', () => {
  it('are read newest first, page by page, and filtered', async () => {
    await append(25);
    const seen: number[] = [];
    for (let before = ''; ;) {
      const page = await get<LedgerPage>(`/api/ledger?limit=10${before}`);
      seen.push(...page.entries.map(({ seq }) => seq));
      await append();
      if (page.nextBefore === null) break;
      before = `&before=${page.nextBefore}`;
    }
    expect(seen).toEqual(Array.from({ length: seen[0]! }, (_, index) => seen[0]! - index));
    const count = async (query: string): Promise<number> =>
      (await get<LedgerPage>(`/api/ledger?limit=200&${query}`)).entries.length;
    expect(await count('actorId=api')).toBe(1);
    expect(await count('subjectType=ledgerKey&subjectId=of-a-test')).toBe(await count('actorId=a-1'));
    expect(await count('kind=incident:opened')).toBe(0);
    expect(await count(`fromMs=${test.clock.nowMs() + 1_000}`)).toBe(0);
  });

  it.each(['limit=0', 'limit=201', 'before=x', 'fromMs=-1', `kind=${'k'.repeat(101)}`])('refuse %s', async (query) => {
    expect((await test.call('GET', `/api/ledger?${query}`, { cookie: auditor })).status).toBe(400);
  });

  it('are not for an operator', async () => {
    expect((await test.call('GET', '/api/ledger', { cookie: operator })).status).toBe(403);
  });

  it.each(['ledger_entry', 'ledger_command', 'ledger_head'])('and the rest of %s cannot be changed', async (table) => {
    for (const sql of [`UPDATE ${table} SET hash = 'x'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      const statement = table === 'ledger_command' ? sql.replace('hash', 'outcome') : sql;
      await expect(test.dataSource.query(statement)).rejects.toThrow(`${table} is append-only`);
    }
  });
});

describe('readers', () => {
  it('hear every event once, in order, also those of another process', async () => {
    const heard: number[] = [];
    const elsewhere: number[] = [];
    const other = new LedgerFeed(
      test.app.get(LedgerStore, { strict: false }),
      test.config.databaseUrl,
      test.clock,
      silentLogger,
    );
    await other.start();
    const take = (into: number[]) => (events: readonly LedgerEvent[]) =>
      void into.push(...events.map(({ seq }) => seq));
    const stop = ledger.listen(take(heard));
    other.listen(take(elsewhere));
    const first = ledger.seq + 1;
    await Promise.all(Array.from({ length: 60 }, () => append(2)));
    const expected = Array.from({ length: 120 }, (_, index) => first + index);
    // What comes while the table is being read is told once it was.
    await eventually(() => heard.length === 120 && elsewhere.length === 120);
    expect(heard).toEqual(expected);
    expect(elsewhere).toEqual(expected);
    stop();
    await other.stop();
  });

  it('with a stored cursor deal with every event, their writes with the cursor or not at all', async () => {
    await test.dataSource.query('CREATE TABLE seen (seq int PRIMARY KEY)');
    let fail = true;
    ledger.readDurably('test-reader', async (events, manager) => {
      for (const { seq } of events) await manager.query('INSERT INTO seen VALUES ($1)', [seq]);
      if (!fail) return;
      fail = false;
      throw new Error('the first time does not count');
    });
    expect(() => ledger.readDurably('test-reader', () => Promise.resolve())).toThrow('there already');
    ledger.onApplicationBootstrap();
    await eventually(async () => (await seen()).length === ledger.seq);
    const last = await append();
    await eventually(async () => (await seen()).at(-1) === last);
    expect(await seen()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });

  const seen = async (): Promise<number[]> =>
    (await test.dataSource.query<{ seq: number }[]>('SELECT seq FROM seen ORDER BY seq')).map(({ seq }) => seq);
});

describe('a verification', () => {
  it('finds a sound ledger sound, tells who asked, and is one at a time', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => test.call('POST', '/api/ledger/verifications', { cookie: auditor, body: {} })),
    );
    expect([one!.status, other!.status].sort()).toEqual([202, 409]);
    const refused = one!.status === 409 ? one! : other!;
    expect(((await refused.json()) as ErrorBody).code).toBe('ledger-verifying');
    await eventually(async () => (await state()).running === null);
    const { last, head } = await state();
    expect(last).toMatchObject({ broken: null, head, requestedBy: 'auditora', entries: head.seq });
    expect(last!.signedHeads).toBeGreaterThan(0);
    const audited = await get<{ entries: unknown[] }>('/api/audit?action=ledger:verify');
    expect(audited.entries[0]).toMatchObject({ accountName: 'auditora', outcome: 'done' });
  });

  it('names the first entry that was altered behind its back, in text or in column', async () => {
    await behindItsBack(`UPDATE ledger_entry SET text = replace(text, 'Ana', 'Eva') WHERE seq = 9`);
    expect((await verify())?.broken).toMatchObject({ seq: 9, code: 'ledger-entry-altered' });
    const [entry] = (await get<LedgerPage>('/api/ledger?limit=1&before=10')).entries;
    expect(entry).toMatchObject({ seq: 9, actor: { id: 'a-1' } });
    await behindItsBack(
      `UPDATE ledger_entry SET text = replace(text, 'Eva', 'Ana') WHERE seq = 9`,
      `UPDATE ledger_entry SET actor_id = 'a-2' WHERE seq = 5`,
    );
    expect((await verify())?.broken).toMatchObject({ seq: 5, code: 'ledger-entry-altered' });
    await behindItsBack(`UPDATE ledger_entry SET actor_id = 'a-1' WHERE seq = 5`);
    expect((await verify())?.broken).toBeNull();
  });

  it('names entries that changed places', async () => {
    const swap = [
      'UPDATE ledger_entry SET seq = -6 WHERE seq = 6',
      'UPDATE ledger_entry SET seq = 6 WHERE seq = 7',
      'UPDATE ledger_entry SET seq = 7 WHERE seq = -6',
    ];
    await behindItsBack(...swap);
    expect((await verify())?.broken).toMatchObject({ seq: 6, code: 'ledger-entry-reordered' });
    await behindItsBack(...swap);
    expect((await verify())?.broken).toBeNull();
  });

  it('names a history that was rewritten with all its hashes', async () => {
    const rewrite = `
      DO $$ DECLARE e record; before text; said text;
      BEGIN
        SELECT hash INTO before FROM ledger_entry WHERE seq = 7;
        FOR e IN SELECT * FROM ledger_entry WHERE seq >= 8 ORDER BY seq LOOP
          said := regexp_replace(replace(e.text, 'Ana', 'Eva'), '"prev":"[0-9a-f]{64}"', '"prev":"' || before || '"');
          before := encode(sha256(convert_to(said, 'UTF8')), 'hex');
          UPDATE ledger_entry SET text = said, hash = before WHERE seq = e.seq;
        END LOOP;
      END $$`;
    const signed = await sign();
    await append(3);
    await test.dataSource.query('CREATE TABLE original AS SELECT * FROM ledger_entry');
    await behindItsBack(rewrite);
    expect((await verify())?.broken).toMatchObject({ seq: signed.seq, code: 'ledger-head-mismatch' });
    // With the heads gone too, the one that is kept beside the database still tells.
    await behindItsBack('CREATE TABLE heads AS SELECT * FROM ledger_head', 'DELETE FROM ledger_head WHERE seq > 2');
    expect((await verify())?.broken).toMatchObject({ seq: signed.seq, code: 'ledger-head-mismatch' });
    await behindItsBack(
      'DELETE FROM ledger_entry',
      'INSERT INTO ledger_entry SELECT * FROM original',
      'DELETE FROM ledger_head',
      'INSERT INTO ledger_head SELECT * FROM heads',
    );
    expect((await verify())?.broken).toBeNull();
  });

  it('names what is missing in the middle, and an end that was cut off', async () => {
    await behindItsBack('DELETE FROM ledger_entry WHERE seq IN (11, 12)');
    expect((await verify())?.broken).toMatchObject({ seq: 11, code: 'ledger-entry-missing' });
    await behindItsBack('INSERT INTO ledger_entry SELECT * FROM original WHERE seq IN (11, 12)');
    const { signed } = await state();
    await behindItsBack(`DELETE FROM ledger_entry WHERE seq >= ${signed!.seq - 2}`);
    expect((await verify())?.broken).toMatchObject({ seq: signed!.seq - 2, code: 'ledger-truncated' });
  });
});
