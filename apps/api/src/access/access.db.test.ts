import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '#libs/access';
import type { AuditEntryView, ErrorBody, SessionView } from '#libs/wire';
import { TEST_PASSWORD, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { AccountEntity } from './account.entity.ts';
import { LoginSessionEntity } from './login-session.entity.ts';

let test: TestApplication;
let administrator: AccountEntity;
let serial = 0;

beforeAll(async () => {
  test = await startTestApplication();
  administrator = await test.addAccount('administrador', 'administrator');
});
afterAll(() => test.close());

const fresh = (role: Role = 'operator'): Promise<AccountEntity> => test.addAccount(`cuenta-${++serial}`, role);
const signIn = (username: string, password = TEST_PASSWORD, headers: Record<string, string> = {}): Promise<Response> =>
  test.call('POST', '/api/session', { body: { username, password }, headers });
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as ErrorBody).code;
const cookieFrom = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';

/** The newest audit line of an action. */
async function lastAudit(action: string): Promise<AuditEntryView> {
  const cookie = await test.cookieOf(administrator);
  const page = await test.call('GET', `/api/audit?action=${action}&limit=1`, { cookie });
  return ((await page.json()) as { entries: AuditEntryView[] }).entries[0]!;
}

describe('signing in', () => {
  it('answers who it is and sets a cookie that scripts and other sites cannot use', async () => {
    const account = await fresh();
    const response = await signIn(account.username.toUpperCase());
    const cookie = response.headers.get('set-cookie')!;
    expect(response.status).toBe(200);
    expect(cookie).toMatch(/^atalaya_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    const view = (await (
      await test.call('GET', '/api/session', { cookie: cookieFrom(response) })
    ).json()) as SessionView;
    expect(view).toMatchObject({ accountId: account.id, username: account.username, role: 'operator' });
    expect(await lastAudit('session:start')).toMatchObject({ accountId: account.id, outcome: 'done', ip: '127.0.0.1' });
  });

  it('stores neither the token nor the password', async () => {
    const account = await fresh();
    const token = cookieFrom(await signIn(account.username)).split('=')[1]!;
    const [row] = (await test.dataSource.query(
      `SELECT row_to_json(s)::text || row_to_json(a)::text AS text FROM login_session s JOIN account a ON a.id = account_id
       WHERE account_id = $1`,
      [account.id],
    )) as { text: string }[];
    expect(row!.text).toContain('$argon2id$v=19$m=65536,t=3,p=4$');
    expect(row!.text).not.toContain(token);
    expect(row!.text).not.toContain(TEST_PASSWORD);
  });

  it('says the same of an unknown name, a wrong password and a disabled account', async () => {
    const disabled = await fresh();
    await test.dataSource.query('UPDATE account SET disabled_at = now() WHERE id = $1', [disabled.id]);
    const answers = await Promise.all([
      signIn('nadie'),
      signIn((await fresh()).username, 'incorrecta'),
      signIn(disabled.username),
    ]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toContain('login-wrong');
  });

  it('writes a failed login to the audit, with the name only when it is an account', async () => {
    const account = await fresh();
    await signIn(account.username, 'incorrecta');
    expect(await lastAudit('session:start')).toMatchObject({
      accountId: account.id,
      outcome: 'refused',
      code: 'login-wrong',
    });
    await signIn('mi-clave-secreta', 'x');
    const line = await lastAudit('session:start');
    expect(line).toMatchObject({ accountId: null, accountName: null, outcome: 'refused' });
    expect(JSON.stringify(line)).not.toContain('mi-clave-secreta');
  });

  it('marks the cookie Secure behind a proxy that is trusted and speaks https', async () => {
    const proxied = await startTestApplication({ ATALAYA_TRUSTED_PROXIES: '1' });
    try {
      await proxied.addAccount('operador', 'operator');
      const body = { username: 'operador', password: TEST_PASSWORD };
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
      const response = await proxied.call('POST', '/api/session', { body, headers });
      expect(response.headers.get('set-cookie')).toContain('; Secure');
      const [session] = await proxied.dataSource.manager.find(LoginSessionEntity);
      expect(session!.ip).toBe('203.0.113.9');
    } finally {
      await proxied.close();
    }
  });

  it('refuses another site, whether it says so by Origin or by Sec-Fetch-Site', async () => {
    const { username } = await fresh();
    const own = { origin: test.url };
    const foreign: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
    ];
    expect((await signIn(username, TEST_PASSWORD, own)).status).toBe(200);
    for (const headers of foreign) {
      const response = await signIn(username, TEST_PASSWORD, headers);
      expect([response.status, await codeOf(response)]).toEqual([403, 'foreign-origin']);
    }
  });
});

describe('guessing', () => {
  it('is stopped by account, also when the guesses run at the same time, and says when to come back', async () => {
    const { username } = await fresh();
    const answers = await Promise.all(Array.from({ length: 15 }, () => signIn(username, 'incorrecta')));
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(5).fill(429)]);
    const refused = await signIn(username);
    expect(await codeOf(refused)).toBe('too-many-logins');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(890);
    test.clock.forward(15 * 60_000);
    expect((await signIn(username)).status).toBe(200);
  });

  it('by a stranger does not lock out whoever signed in from this desk before', async () => {
    const { username } = await fresh();
    expect((await signIn(username)).status).toBe(200);
    await test.dataSource.query(`UPDATE login_session SET ip = '10.9.9.9' WHERE user_agent <> 'test'`);
    for (let count = 0; count < 11; count++) await signIn(username, 'incorrecta');
    expect((await signIn(username)).status).toBe(429);
    await test.dataSource.query(`UPDATE login_session SET ip = '127.0.0.1' WHERE ip = '10.9.9.9'`);
    expect((await signIn(username)).status).toBe(200);
    test.clock.forward(15 * 60_000);
  });

  it('takes as long for a name that does not exist', async () => {
    const { username } = await fresh();
    const timesOf = async (name: string): Promise<number> => {
      const beganMs = performance.now();
      for (let count = 0; count < 5; count++) await signIn(name, 'incorrecta');
      return performance.now() - beganMs;
    };
    await timesOf('calentar');
    const [known, unknown] = [await timesOf(username), await timesOf('nadie-mas')];
    expect(unknown / known).toBeGreaterThan(0.5);
  });
});

describe('a session', () => {
  it('ends when signed out, and its token opens nothing more', async () => {
    const cookie = cookieFrom(await signIn((await fresh()).username));
    const response = await test.call('DELETE', '/api/session', { cookie });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await test.call('GET', '/api/session', { cookie })).status).toBe(401);
  });

  it('ends after idling too long, is kept by use, and ends at last all the same', async () => {
    const own = await startTestApplication({ ATALAYA_SESSION_IDLE_HOURS: '2', ATALAYA_SESSION_MAX_HOURS: '5' });
    try {
      const account = await own.addAccount('operador', 'operator');
      const [idle, used] = [await own.cookieOf(account), await own.cookieOf(account)];
      const statusOf = async (cookie: string): Promise<number> =>
        (await own.call('GET', '/api/session', { cookie })).status;
      for (const expected of [200, 200, 200]) {
        own.clock.forward(1.5 * 3_600_000);
        expect(await statusOf(used)).toBe(expected);
      }
      expect(await statusOf(idle)).toBe(401);
      own.clock.forward(0.6 * 3_600_000);
      expect(await statusOf(used)).toBe(401);
    } finally {
      await own.close();
    }
  });

  it('writes its last use once a minute at most', async () => {
    const account = await fresh();
    const cookie = await test.cookieOf(account);
    const lastSeen = async (): Promise<number> =>
      +(await test.dataSource.manager.findOneByOrFail(LoginSessionEntity, { accountId: account.id })).lastSeenAt;
    const first = await lastSeen();
    test.clock.forward(59_000);
    await test.call('GET', '/api/session', { cookie });
    expect(await lastSeen()).toBe(first);
    test.clock.forward(2_000);
    await test.call('GET', '/api/session', { cookie });
    expect(await lastSeen()).toBeGreaterThan(first + 60_000);
  });

  it('is not made for a cookie that has not our shape, without asking the database', async () => {
    for (const value of ['', 'x', 'a'.repeat(5_000), '%00', 'ñ'.repeat(43)]) {
      const cookie = `atalaya_session=${encodeURIComponent(value)}`;
      expect((await test.call('GET', '/api/session', { cookie })).status).toBe(401);
    }
  });
});

describe('accounts', () => {
  const asAdministrator = async (method: string, path: string, body?: unknown): Promise<Response> =>
    test.call(method, path, { cookie: await test.cookieOf(administrator), body });

  it('are made, listed without secrets, and may sign in', async () => {
    const body = { username: 'nueva', displayName: 'Nueva', role: 'auditor', password: 'doce caracteres o más' };
    const made = await asAdministrator('POST', '/api/accounts', body);
    expect(made.status).toBe(201);
    expect((await signIn('nueva', body.password)).status).toBe(200);
    const list = await (await asAdministrator('GET', '/api/accounts')).text();
    expect(list).toContain('"nueva"');
    expect(list).not.toContain('argon2');
    const audit = await lastAudit('account:create');
    expect(audit).toMatchObject({ accountId: administrator.id, details: { username: 'nueva', role: 'auditor' } });
    expect(JSON.stringify(audit)).not.toContain(body.password);
  });

  it('have one name each, also when two are made at the same time', async () => {
    const body = { username: 'gemelo', displayName: 'G', role: 'auditor', password: 'doce caracteres o más' };
    const answers = await Promise.all([1, 2, 3].map(() => asAdministrator('POST', '/api/accounts', body)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
  });

  it.each([
    ['another role', { role: 'auditor' }],
    ['another password', { password: 'una clave distinta' }],
    ['being disabled', { disabled: true }],
  ])('lose every session by %s', async (_what, change) => {
    const account = await fresh();
    const cookies = [await test.cookieOf(account), await test.cookieOf(account)];
    expect((await asAdministrator('PATCH', `/api/accounts/${account.id}`, change)).status).toBe(200);
    for (const cookie of cookies) expect((await test.call('GET', '/api/session', { cookie })).status).toBe(401);
  });

  it('keep their sessions when only the shown name changes', async () => {
    const account = await fresh();
    const cookie = await test.cookieOf(account);
    await asAdministrator('PATCH', `/api/accounts/${account.id}`, { displayName: 'Otro nombre' });
    const session = (await (await test.call('GET', '/api/session', { cookie })).json()) as SessionView;
    expect(session.displayName).toBe('Otro nombre');
  });

  it('never lose their last administrator, not even when two remove each other at the same time', async () => {
    const own = await startTestApplication();
    try {
      const [one, other] = [await own.addAccount('uno', 'administrator'), await own.addAccount('dos', 'administrator')];
      const [cookieOfOne, cookieOfOther] = [await own.cookieOf(one), await own.cookieOf(other)];
      const answers = await Promise.all([
        own.call('PATCH', `/api/accounts/${other.id}`, { cookie: cookieOfOne, body: { disabled: true } }),
        own.call('PATCH', `/api/accounts/${one.id}`, { cookie: cookieOfOther, body: { role: 'auditor' } }),
      ]);
      const left = (await own.dataSource.query(
        `SELECT count(*)::int AS n FROM account WHERE role = 'administrator' AND disabled_at IS NULL`,
      )) as { n: number }[];
      expect(left).toEqual([{ n: 1 }]);
      expect(answers.map((answer) => answer.status)).toContain(200);
    } finally {
      await own.close();
    }
  });

  it('are not known by a wrong id', async () => {
    const id = '00000000-0000-7000-8000-000000000000';
    expect(await codeOf(await asAdministrator('PATCH', `/api/accounts/${id}`, {}))).toBe('account-unknown');
    expect(await codeOf(await asAdministrator('PATCH', '/api/accounts/7', {}))).toBe('input-invalid');
  });
});

describe('the own password', () => {
  const change = (cookie: string, currentPassword: string): Promise<Response> =>
    test.call('POST', '/api/session/password', { cookie, body: { currentPassword, newPassword: 'otra clave larga' } });

  it('is changed with the present one; other sessions end and this one goes on', async () => {
    const account = await fresh();
    const [here, elsewhere] = [await test.cookieOf(account), await test.cookieOf(account)];
    expect((await change(here, TEST_PASSWORD)).status).toBe(204);
    expect((await test.call('GET', '/api/session', { cookie: here })).status).toBe(200);
    expect((await test.call('GET', '/api/session', { cookie: elsewhere })).status).toBe(401);
    expect((await signIn(account.username)).status).toBe(401);
    expect((await signIn(account.username, 'otra clave larga')).status).toBe(200);
  });

  it('cannot be guessed through a stolen session', async () => {
    const cookie = await test.cookieOf(await fresh());
    const codes = [];
    for (let count = 0; count < 12; count++) codes.push(await codeOf(await change(cookie, 'incorrecta')));
    expect(codes.slice(0, 10)).toEqual(Array<string>(10).fill('password-wrong'));
    expect(codes.slice(10)).toEqual(['too-many-logins', 'too-many-logins']);
    test.clock.forward(15 * 60_000);
  });

  it('that is replaced while a login with the old one runs leaves no session behind', async () => {
    const account = await fresh();
    const cookie = await test.cookieOf(administrator);
    const body = { password: 'una clave distinta' };
    const [changed, ...logins] = await Promise.all([
      test.call('PATCH', `/api/accounts/${account.id}`, { cookie, body }),
      ...Array.from({ length: 6 }, () => signIn(account.username)),
    ]);
    expect(changed.status).toBe(200);
    for (const login of logins.filter((answer) => answer.status === 200)) {
      const session = await test.call('GET', '/api/session', { cookie: cookieFrom(login) });
      expect(session.status).toBe(401);
    }
  });
});

describe('expensive routes', () => {
  it('are limited per session and minute, with a time to come back', async () => {
    const account = await fresh('supervisor');
    const cookie = await test.cookieOf(account);
    const start = (who: string): Promise<Response> =>
      // Refused for its shape, behind the guards: nothing is searched, every call counts.
      test.call('POST', '/api/discovery/runs', { cookie: who, body: {} });
    const answers: Response[] = [];
    for (let call = 0; call < 31; call++) answers.push(await start(cookie));
    expect(answers.slice(0, 30).every((answer) => answer.status === 400)).toBe(true);
    const last = answers[30]!;
    expect([last.status, await codeOf(last.clone())]).toEqual([429, 'too-many-requests']);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await start(await test.cookieOf(account))).status).toBe(400);
    test.clock.forward(60_000);
    expect((await start(cookie)).status).toBe(400);
  });
});
