import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '#libs/access';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { FIRST_ACCOUNTS, createFirstAccounts } from './first-accounts.ts';

let test: TestApplication;
let folder: string;
beforeAll(async () => {
  test = await startTestApplication();
  folder = await mkdtemp(join(tmpdir(), 'atalaya-first-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

interface Login {
  readonly role: string;
  readonly username: string;
  readonly password: string;
}
const create = (
  wanted = FIRST_ACCOUNTS.demonstration,
  into = folder,
): Promise<{ usernames: readonly string[]; file: string }> =>
  createFirstAccounts(test.dataSource, wanted, into, test.clock);
const count = async (): Promise<number> =>
  ((await test.dataSource.query('SELECT count(*)::int AS n FROM account')) as { n: number }[])[0]!.n;

describe('first accounts', () => {
  it('are not made when their passwords cannot be written down', async () => {
    await writeFile(join(folder, 'a-file'), '');
    await expect(create(FIRST_ACCOUNTS.demonstration, join(folder, 'a-file', 'below'))).rejects.toThrow();
    expect(await count()).toBe(0);
  });

  it('are one per role, made once though two start together, with logins that work', async () => {
    const made = await Promise.all([create(), create()]);
    expect(made.map(({ usernames }) => usernames.length).sort()).toEqual([0, ROLES.length]);
    const logins = JSON.parse(await readFile(made[0].file, 'utf8')) as Login[];
    expect(logins.map((login) => login.role)).toEqual([...ROLES]);
    expect(new Set(logins.map((login) => login.password)).size).toBe(ROLES.length);
    for (const { username, password, role } of logins) {
      const response = await test.call('POST', '/api/session', { body: { username, password } });
      expect(await response.json()).toMatchObject({ username, role });
    }
  });

  it('are written where only their owner reads', async () => {
    expect((await stat(join(folder, 'demo-logins.json'))).mode & 0o777).toBe(0o600);
  });

  it('are never made again', async () => {
    const before = await readFile(join(folder, 'demo-logins.json'), 'utf8');
    expect((await create(FIRST_ACCOUNTS.administrator)).usernames).toEqual([]);
    expect(await readFile(join(folder, 'demo-logins.json'), 'utf8')).toBe(before);
    expect(await count()).toBe(ROLES.length);
  });

  it('are the administrator alone where nothing is demonstrated', () => {
    expect(FIRST_ACCOUNTS.administrator.map((account) => account.role)).toEqual(['administrator']);
  });
});
