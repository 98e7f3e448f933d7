import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '#libs/base';
import { PastTown } from '../past-town.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import type { DemoLogin } from './product.ts';
import { until } from './until.ts';

const PROGRAM = path.resolve(import.meta.dirname, '..', '..', 'dist', 'apps', 'api', 'src', 'main.js');
const HOUR_MS = 3_600_000;

/** The compiled api with a past of two hours, and a browser: nothing else is needed to look back. */
describe('the replay page', () => {
  let database: TestDatabase;
  let db: pg.Client;
  let folder: string;
  let api: ChildProcess;
  let browser: Browser;
  let page: Page;
  let url: string;
  let incident: { id: string; code: string; openedAtMs: number };
  /** What of the live line the page asked for. */
  const live: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(path.join(tmpdir(), 'atalaya-replay-'));
    // Migrates too.
    await once(program('--create-demo-accounts'), 'close');
    db = new pg.Client({ connectionString: database.url });
    await db.connect();
    const town = new PastTown(systemClock.nowMs() - 2 * HOUR_MS, 3_000, '00000000-0000-7000-8000-0000000000aa');
    await town.fill(1_200, (sql, values) => db.query(sql, values));
    api = program();
    url = await readyUrl(api);
    // One that began in the second half hour, so that there is a before and an after.
    const { rows } = await db.query<{ id: string; code: string; at: Date }>(
      `SELECT incident.id, code, at FROM incident JOIN ledger_entry ON subject_id = incident.id::text
       WHERE kind = 'incident:opened' AND NOT masked ORDER BY seq OFFSET 40 LIMIT 1`,
    );
    incident = { id: rows[0]!.id, code: rows[0]!.code, openedAtMs: rows[0]!.at.getTime() };
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'es-PE' });
    page.on('request', (request) => request.url().includes('/socket.io/') && live.push(request.url()));
    page.on('websocket', (socket) => live.push(socket.url()));
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    const ended = api && api.exitCode === null ? once(api, 'close') : undefined;
    api?.kill('SIGTERM');
    await ended;
    await db?.end();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  function program(...args: string[]): ChildProcess {
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      ATALAYA_DATA: folder,
      ATALAYA_KEY: '07'.repeat(32),
      ATALAYA_PORT: '0',
    };
    return spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  async function readyUrl(child: ChildProcess): Promise<string> {
    for await (const line of createInterface({ input: child.stdout! })) {
      const said = JSON.parse(line) as { msg: string; port?: number };
      if (said.msg === 'ready') {
        child.stdout!.resume();
        return `http://127.0.0.1:${said.port}`;
      }
    }
    throw new Error('the api ended before it was ready');
  }

  const momentMs = async (): Promise<number> => Number(await page.locator('main.replay').getAttribute('data-moment'));
  const settled = (): Promise<void> => page.locator('main.replay:not(.replay--waiting)').waitFor();

  /** Counted by PostgreSQL from the entries, without any of our code: opened and not ended by then. */
  async function openAt(atMs: number): Promise<number> {
    const { rows } = await db.query<{ n: string }>(
      `SELECT count(*) AS n FROM (
         SELECT DISTINCT ON (subject_id) kind FROM ledger_entry WHERE at <= $1
           AND kind IN ('incident:opened', 'incident:reopened', 'incident:closed', 'incident:dismissed', 'incident:merged')
         ORDER BY subject_id, seq DESC) AS last WHERE kind IN ('incident:opened', 'incident:reopened')`,
      [new Date(atMs)],
    );
    return Number(rows[0]!.n);
  }

  async function expectBoardOf(atMs: number): Promise<void> {
    const expected = await openAt(atMs);
    await until(`${expected} open incidents at ${new Date(atMs).toISOString()}`, 10_000, async () => {
      const shown = await page.getByRole('region', { name: 'Incidencias abiertas' }).locator('.then__row').count();
      return shown === expected;
    });
  }

  it('opens an incident by its link, and only after saying that it is written down', async () => {
    const logins = JSON.parse(await readFile(path.join(folder, 'demo-logins.json'), 'utf8')) as DemoLogin[];
    const supervisor = logins.find(({ role }) => role === 'supervisor')!;
    const link = `${url}/replay?incident=${incident.id}&at=${incident.openedAtMs}`;
    await signIn(page, link, supervisor);
    await until('the code of the incident', 10_000, async () => {
      return (await page.getByLabel('Incidencia (código)').inputValue()) === incident.code;
    });
    expect(await findingsOf(page)).toEqual([]);
    const audited = (): Promise<pg.QueryResult> =>
      db.query(`SELECT details FROM audit_entry WHERE action = 'replay:open'`);
    expect((await audited()).rows).toEqual([]);
    await page.getByRole('button', { name: 'Abrir', exact: true }).click();
    await settled();
    expect((await audited()).rows).toMatchObject([{ details: { incident: incident.code } }]);
    expect(await momentMs()).toBe(incident.openedAtMs);
    await page.getByRole('region', { name: 'Bitácora' }).getByText('Registrada').first().waitFor();
  }, 30_000);

  it('shows what was open at any moment, stepped to, jumped to and dragged to', async () => {
    await expectBoardOf(incident.openedAtMs);
    await page.keyboard.press('.');
    const { rows } = await db.query<{ at: Date }>('SELECT at FROM ledger_entry WHERE at > $1 ORDER BY at LIMIT 1', [
      new Date(incident.openedAtMs),
    ]);
    expect(await momentMs()).toBe(rows[0]!.at.getTime());
    await page.keyboard.press(',');
    expect(await momentMs()).toBe(incident.openedAtMs);
    await page.keyboard.press('Home');
    await settled();
    await expectBoardOf(await momentMs());
    const axis = (await page.locator('.axis__body').boundingBox())!;
    await page.mouse.move(axis.x + 5, axis.y + 10);
    await page.mouse.down();
    await page.mouse.move(axis.x + axis.width * 0.7, axis.y + 10, { steps: 12 });
    await page.mouse.up();
    await settled();
    await expectBoardOf(await momentMs());
  }, 30_000);

  it('plays as fast as it is told', async () => {
    await page.keyboard.press('Home');
    await settled();
    const fromMs = await momentMs();
    await page.keyboard.press('5');
    await page.keyboard.press('Space');
    await until('a minute to have passed in a second or two', 10_000, async () => (await momentMs()) > fromMs + 60_000);
    await page.keyboard.press('Space');
    await settled();
    await expectBoardOf(await momentMs());
  }, 30_000);

  it('comes back to its moment after a reload, is never live, and has nothing that axe-core objects to', async () => {
    const atMs = await momentMs();
    await until('the address to say the moment', 5_000, () => Promise.resolve(page.url().includes(`at=${atMs}`)));
    await page.reload();
    await settled();
    expect(await momentMs()).toBe(atMs);
    expect(await page.getByText('No es en vivo').isVisible()).toBe(true);
    expect(await findingsOf(page)).toEqual([]);
    expect(live).toEqual([]);
  }, 30_000);
});
