import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Logger } from '#libs/base';
import {
  TEST_PASSWORD,
  eventually,
  startTestApplication,
  type TestApplication,
} from '../../testing/test-application.ts';
import { routeTable } from '../access/route-table.ts';
import { createLogger } from '../logging.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-console-'));
const lines: string[] = [];
let test: TestApplication;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, 'wall'));
  writeFileSync(join(folder, 'index.html'), '<title>inicio</title>');
  writeFileSync(join(folder, 'wall', 'index.html'), '<title>muro</title>');
  writeFileSync(join(folder, 'cameras.html'), '<title>cámaras</title>');
  writeFileSync(join(folder, 'assets', 'main-AbCd1234.js'), 'export {};');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const logger: Logger = createLogger('debug', { write: (line: string) => void lines.push(line) });
  test = await startTestApplication({ ATALAYA_CONSOLE: folder, ATALAYA_RELAY_PORT: '9081' }, logger);
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

describe('the pages', () => {
  it.each([
    ['/', 'inicio'],
    ['/wall', 'muro'],
    ['/cameras', 'cámaras'],
  ])('answer %s with their own file, asked for again each time', async (path, title) => {
    const response = await test.call('GET', path);
    expect(await response.text()).toContain(title);
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('keep what carries a hash for ever, and nothing else', async () => {
    const hashed = await test.call('GET', '/assets/main-AbCd1234.js');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await test.call('GET', '/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
    expect((await test.call('GET', '/assets/gone-AbCd1234.js')).status).toBe(404);
  });

  it('do not lead out of their folder', async () => {
    for (const path of ['/..%2f..%2fetc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd']) {
      expect((await test.call('GET', path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('every answer', () => {
  it('is JSON of one form when there is nothing there', async () => {
    for (const path of ['/api/nothing', '/nothing']) {
      const response = await test.call('GET', path);
      expect([response.status, await response.json()]).toEqual([
        404,
        { code: 'not-found', message: 'there is nothing at this address' },
      ]);
    }
  });

  it('carries a policy that names what the console needs and nothing more', async () => {
    const { headers } = await test.call('GET', '/');
    const policy = Object.fromEntries(
      headers
        .get('content-security-policy')!
        .split(';')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
    ) as Record<string, string[]>;
    expect(policy['default-src']).toEqual(["'self'"]);
    expect(policy['script-src']).toEqual(["'self'"]);
    const relayPorts = Array.from({ length: 8 }, (_none, index) => 9081 + index);
    const relays = relayPorts.flatMap((port) => [`http://*:${port}`, `https://*:${port}`]);
    expect(policy['connect-src']).toEqual(["'self'", 'ws:', 'wss:', ...relays]);
    expect(policy['media-src']).toContain('blob:');
    expect(policy['worker-src']).toEqual(["'self'", 'blob:']);
    expect(policy).not.toHaveProperty('upgrade-insecure-requests');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('names what is wrong with a body, bounded, and keeps a prototype out', async () => {
    const post = (body: unknown): Promise<Response> => test.call('POST', '/api/session', { body });
    expect(await (await post({ username: 7 })).json()).toMatchObject({
      code: 'input-invalid',
      details: { problems: [{ path: 'username' }, { path: 'password' }] },
    });
    expect((await post('x'.repeat(300_000))).status).toBe(413);
    expect((await post(null)).status).toBe(400);
    const raw = '{"username":"a","password":"b","__proto__":{"role":"administrator"}}';
    const headers = { 'content-type': 'application/json' };
    const polluted = await fetch(`${test.url}/api/session`, { method: 'POST', headers, body: raw });
    expect(polluted.status).toBe(401);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asForm = await fetch(`${test.url}/api/session`, {
      method: 'POST',
      headers: form,
      body: 'username=a&password=b',
    });
    expect(asForm.status).toBe(400);
  });

  it('survives what is no HTTP', async () => {
    const { port } = new URL(test.url);
    for (const bytes of [
      '\0\0\0\0',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
      'POST /api/session HTTP/9',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes));
        socket.on('close', () => resolve()).on('error', () => resolve());
        socket.resume();
      });
    }
    expect((await test.call('GET', '/health/live')).status).toBe(200);
  });
});

describe('a client that dribbles', () => {
  /** Sends `head`, then a byte at a time for as long as the server bears it; answers what it was told. */
  const dribble = (head: string): Promise<string> =>
    new Promise((resolve) => {
      let told = '';
      const socket = connect(Number(new URL(test.url).port), '127.0.0.1', () => socket.write(head));
      const drip = setInterval(() => socket.write('a'), 50);
      socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(drip);
        resolve(told.split('\r\n')[0]!);
      });
    });
  const body =
    'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"';

  it('has the limits that the product states', () => {
    const { headersTimeout, requestTimeout, maxConnections } = test.app.getHttpServer() as Server;
    expect([headersTimeout, requestTimeout, maxConnections]).toEqual([10_000, 30_000, 4_000]);
  });

  it('is cut in its headers and in its body, while others are served', async () => {
    const server = test.app.getHttpServer() as Server;
    const usual = [server.headersTimeout, server.requestTimeout] as const;
    [server.headersTimeout, server.requestTimeout] = [300, 600];
    try {
      const slow = [dribble('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '), dribble(body)];
      expect((await test.call('GET', '/health/live')).status).toBe(200);
      const answers = await Promise.all(slow);
      expect(answers[0]).toBe('HTTP/1.1 408 Request Timeout');
      // The request has begun by then, so there may be no words for it: what counts is that the line is closed.
      expect(['', 'HTTP/1.1 408 Request Timeout', 'HTTP/1.1 400 Bad Request']).toContain(answers[1]);
    } finally {
      [server.headersTimeout, server.requestTimeout] = usual;
    }
    expect((await test.call('GET', '/health/live')).status).toBe(200);
  }, 15_000);
});

describe('the log', () => {
  it('has a line per request, and never a password, a cookie, a token or a query', async () => {
    await test.addAccount('bitacora', 'operator');
    const body = { username: 'bitacora', password: TEST_PASSWORD };
    const signedIn = await test.call('POST', '/api/session?ticket=secreto-en-la-consulta', { body });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    await test.call('GET', '/api/session', { cookie });
    await eventually(() => lines.filter((line) => line.includes('/api/session')).length >= 2);
    const text = lines.join('');
    expect(text).toContain('"status":200');
    for (const secret of [TEST_PASSWORD, cookie.split('=')[1]!, 'secreto-en-la-consulta', 'postgres:postgres']) {
      expect(text).not.toContain(secret);
    }
  });

  it('cuts out secrets that somebody logs by mistake', () => {
    const said: string[] = [];
    const logger = createLogger('info', { write: (line: string) => void said.push(line) });
    logger.info({ password: 'abc', camera: { password: 'def', token: 'ghi' } }, 'x');
    expect(said.join('')).not.toMatch(/abc|def|ghi/);
  });
});

describe('the description of the routes', () => {
  it('is a page that the policy lets run, and a document with every route and its body', async () => {
    const page = await (await test.call('GET', '/api/docs')).text();
    expect(page).toContain('swagger-ui');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    const document = (await (await test.call('GET', '/api/docs-json')).json()) as {
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
    };
    for (const route of routeTable(test.app)) {
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      expect(document.paths[path]).toHaveProperty(route.method.toLowerCase());
    }
    const signIn = document.paths['/api/session']!['post']!.requestBody!.content['application/json']!.schema;
    expect(signIn).toMatchObject({ required: ['username', 'password'] });
  });
});
