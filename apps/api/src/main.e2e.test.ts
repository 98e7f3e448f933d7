import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { createTestDatabase, type TestDatabase } from '../../../scripts/test-database.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/apps/api/src/main.js', import.meta.url));

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('the api is not compiled: run the tests with `npm test`');
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'atalaya-main-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

type LogLine = Record<string, unknown> & { msg: string };
interface Run {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it said, line by line; each is JSON or the test fails. */
  readonly lines: LogLine[];
  readonly exit: Promise<number | null>;
  /** Resolves with the line that has this message. */
  said(message: string): Promise<LogLine>;
}

/** The compiled program, with nothing of this process's environment but the path. */
function run(args: string[], settings: Record<string, string> = {}): Run {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: database.url,
    ATALAYA_DATA: folder,
    ATALAYA_KEY: '07'.repeat(32),
    ATALAYA_PORT: '0',
    ...settings,
  };
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: LogLine[] = [];
  const waiting: (() => void)[] = [];
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line) as LogLine);
    for (const look of waiting) look();
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const said = (message: string): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = lines.find(({ msg }) => msg === message);
        if (line) resolve(line);
      };
      waiting.push(look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code}: ${JSON.stringify(lines)}`)));
    });
  return { child, lines, exit, said };
}

describe('the program', () => {
  it.each([
    ['DATABASE_URL', { DATABASE_URL: '' }],
    ['ATALAYA_PORT', { ATALAYA_PORT: 'ocho' }],
    ['ATALAYA_KEY', { ATALAYA_KEY: 'corta' }],
  ])('does not start without a right %s, and says so in one line', async (name, settings) => {
    const { exit, lines } = run([], settings);
    expect(await exit).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.msg).toContain(name);
    expect(lines[0]).not.toHaveProperty('stack');
  });

  it('knows its modes', async () => {
    const { exit, lines } = run(['--help']);
    expect(await exit).toBe(1);
    expect(lines[0]!.msg).toContain('--migrate, --create-demo-accounts, --create-administrator');
  });

  it('migrates and ends; a second time there is nothing to do', async () => {
    const [first, other] = [run(['--migrate']), run(['--migrate'])];
    expect([await first.exit, await other.exit]).toEqual([0, 0]);
    const applied = [first, other].flatMap(({ lines }) => lines.find(({ msg }) => msg === 'migrated')!['applied']);
    expect(applied).toContain('CamerasAndAccess1795305600000');
    expect(new Set(applied).size).toBe(applied.length);
  });

  it('makes the first administrator once', async () => {
    const first = run(['--create-administrator']);
    expect(await first.exit).toBe(0);
    const logins = JSON.parse(await readFile(join(folder, 'demo-logins.json'), 'utf8')) as { role: string }[];
    expect(logins.map(({ role }) => role)).toEqual(['administrator']);
    const second = run(['--create-demo-accounts']);
    await second.exit;
    expect(second.lines.at(-1)).toMatchObject({ msg: 'first accounts', created: [] });
  });

  it('names the setting when its port is taken', async () => {
    const other = createServer().listen(0);
    const { port } = other.address() as AddressInfo;
    const { exit, lines } = run([], { ATALAYA_PORT: String(port) });
    expect(await exit).toBe(1);
    expect(lines.at(-1)!.msg).toBe(`ATALAYA_PORT: port ${port} is taken by another program`);
    other.close();
  });

  it('serves until it is told to stop, and then closes what is open and ends', async () => {
    const api = run([]);
    const { port } = (await api.said('ready')) as unknown as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const [{ username, password }] = JSON.parse(await readFile(join(folder, 'demo-logins.json'), 'utf8')) as [
      { username: string; password: string },
    ];
    const signedIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    const socket = io(url, { transports: ['websocket'], extraHeaders: { cookie }, reconnection: false });
    await once(socket as unknown as NodeJS.EventEmitter, 'connect');
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    const toldAtMs = performance.now();
    api.child.kill('SIGTERM');
    expect(await api.exit).toBe(0);
    expect(performance.now() - toldAtMs).toBeLessThan(5_000);
    await cut;
    expect(api.lines.map(({ msg }) => msg)).toContain('stopping');
    expect(JSON.stringify(api.lines)).not.toContain(password);
  });
});
