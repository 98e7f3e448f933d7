import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '#libs/base';
import type { AuditPage } from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AuditService } from './audit.service.ts';
import { RefusalAuditService } from './refusal-audit.service.ts';
import { LINES_PER_WINDOW } from './refusal-digest.ts';

let test: TestApplication;
let audit: AuditService;
let cookie: string;

beforeAll(async () => {
  test = await startTestApplication();
  audit = test.app.get(AuditService);
  cookie = await test.cookieOf(await test.addAccount('auditora', 'auditor'));
});
afterAll(() => test.close());

const pageOf = async (query: string): Promise<AuditPage> =>
  (await (await test.call('GET', `/api/audit?${query}`, { cookie })).json()) as AuditPage;

describe('the audit', () => {
  it('is read newest first, page by page, each line once though lines are added meanwhile', async () => {
    for (let count = 0; count < 25; count++) {
      await audit.record({ action: 'page:turn', outcome: 'done', details: { count } });
    }
    const seen: unknown[] = [];
    let before = '';
    for (let pages = 0; pages < 10; pages++) {
      const page = await pageOf(`action=page:turn&limit=10${before}`);
      seen.push(...page.entries.map((entry) => entry.details['count']));
      await audit.record({ action: 'page:turn', outcome: 'done', details: { count: 'later' } });
      if (page.nextBefore === null) break;
      before = `&before=${page.nextBefore}`;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 24 - index));
  });

  it('is filtered by action, outcome, account, object and time', async () => {
    const accountId = uuidV7(test.clock.nowMs());
    const who = { accountId, username: 'ana', role: 'operator', ip: '10.0.0.1' } as const;
    const object = { objectKind: 'camera', objectId: 'c-9' };
    await audit.record({ action: 'camera:watch', outcome: 'done', ...object }, who);
    await audit.record({ action: 'camera:watch', outcome: 'refused', code: 'camera-removed', ...object }, who);
    test.clock.forward(3_600_000);
    await audit.record({ action: 'camera:change', outcome: 'done', ...object });
    const [newest] = (await pageOf('limit=1')).entries;
    const count = async (query: string): Promise<number> => (await pageOf(query)).entries.length;
    expect(await count(`accountId=${accountId}`)).toBe(2);
    expect(await count(`accountId=${accountId}&outcome=refused`)).toBe(1);
    expect(await count('objectKind=camera&objectId=c-9')).toBe(3);
    expect(await count(`objectId=c-9&fromMs=${newest!.atMs - 1000}`)).toBe(1);
    expect(await count(`objectId=c-9&toMs=${newest!.atMs - 1000}`)).toBe(2);
    expect(await count(`objectId=c-9&fromMs=${newest!.atMs - 7_200_000}&toMs=${newest!.atMs}`)).toBe(3);
    expect((await pageOf('objectId=c-9&outcome=refused')).entries).toMatchObject([
      { accountName: 'ana', role: 'operator', ip: '10.0.0.1', code: 'camera-removed' },
    ]);
  });

  it('refuses a query that has no meaning', async () => {
    for (const query of ['limit=0', 'limit=1000', 'before=x', 'outcome=maybe', 'accountId=1', 'fromMs=-1']) {
      expect([query, (await test.call('GET', `/api/audit?${query}`, { cookie })).status]).toEqual([query, 400]);
    }
  });

  it('is written with what it tells of, or not at all', async () => {
    const before = (await pageOf('action=test:undone')).entries.length;
    const undone = test.dataSource.transaction(async (manager) => {
      await audit.record({ action: 'test:undone', outcome: 'done' }, undefined, manager);
      throw new Error('the change failed');
    });
    await expect(undone).rejects.toThrow('the change failed');
    expect((await pageOf('action=test:undone')).entries).toHaveLength(before);
  });
});

describe('refusals of one account', () => {
  const refuse = async (times: number, who: string): Promise<void> => {
    for (let time = 0; time < times; time++)
      expect((await test.call('GET', '/api/accounts', { cookie: who })).status).toBe(403);
  };

  it('have lines of their own first, then one line together that says how many', async () => {
    const patrol = await test.addAccount('sereno', 'patrol');
    await refuse(LINES_PER_WINDOW + 7, await test.cookieOf(patrol));
    const refusals = test.app.get(RefusalAuditService);
    const lines = async () => (await pageOf(`accountId=${patrol.id}&action=request:refuse`)).entries;
    await refusals.flush();
    expect(await lines()).toHaveLength(LINES_PER_WINDOW);
    test.clock.forward(60_000);
    await refusals.flush();
    const [summary, ...singly] = await lines();
    expect(singly).toHaveLength(LINES_PER_WINDOW);
    expect(summary).toMatchObject({
      outcome: 'refused',
      code: 'permission-missing',
      accountName: 'sereno',
      details: { more: 7, addresses: ['127.0.0.1'], routes: ['GET /api/accounts'] },
    });
    await refusals.flush(true);
    expect(await lines()).toHaveLength(LINES_PER_WINDOW + 1);
  });

  it('wait while the database takes no lines, and come in order when it does', async () => {
    const patrol = await test.addAccount('sereno-2', 'patrol');
    await refuse(LINES_PER_WINDOW + 3, await test.cookieOf(patrol));
    const refusals = test.app.get(RefusalAuditService);
    await test.dataSource.query('ALTER TABLE audit_entry RENAME TO audit_entry_away');
    try {
      await refusals.flush(true);
    } finally {
      await test.dataSource.query('ALTER TABLE audit_entry_away RENAME TO audit_entry');
    }
    await refusals.flush();
    const { entries } = await pageOf(`accountId=${patrol.id}&action=request:refuse&limit=1`);
    expect(entries).toMatchObject([{ details: { more: 3 } }]);
  });
});
