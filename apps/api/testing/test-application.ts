import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import type { Role } from '#libs/access';
import { silentLogger, systemClock, type Clock, type Logger } from '#libs/base';
import { createTestDatabase } from '../../../scripts/test-database.ts';
import { AccountEntity } from '../src/access/account.entity.ts';
import { newAccount } from '../src/access/account.service.ts';
import { PasswordHasher } from '../src/access/password-hasher.ts';
import { SESSION_COOKIE } from '../src/access/session-token.ts';
import { SessionService } from '../src/access/session.service.ts';
import { createApplication } from '../src/application.ts';
import { loadConfig, type ApiConfig } from '../src/config.ts';

/** The system's clock, which a test may set forward: timers keep running in real time. */
export class ShiftedClock implements Clock {
  private shiftMs = 0;

  forward(byMs: number): void {
    this.shiftMs += byMs;
  }

  nowMs(): number {
    return systemClock.nowMs() + this.shiftMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.shiftMs;
  }

  after = systemClock.after;
  every = systemClock.every;
}

export interface TestApplication {
  readonly app: NestExpressApplication;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly clock: ShiftedClock;
  readonly config: ApiConfig;
  readonly dataSource: DataSource;
  /** An enabled account with {@link TEST_PASSWORD}. */
  addAccount(username: string, role: Role): Promise<AccountEntity>;
  /** `Cookie` header of a new session of an account, without the work of a login. */
  cookieOf(account: AccountEntity): Promise<string>;
  /** `fetch` of a path; `body` is sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const TEST_PASSWORD = 'correcta caballo grapa';

/** The whole api on a port of its own with a database of its own; as `main.ts` runs it. */
export async function startTestApplication(
  settings: Readonly<Record<string, string>> = {},
  logger: Logger = silentLogger,
  /** Leads the api to its database by another address, such as that of a `CuttableWire`. */
  reroute: (databaseUrl: string) => Promise<string> = (url) => Promise.resolve(url),
): Promise<TestApplication> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-api-'));
  const config = loadConfig({
    ATALAYA_PORT: '0',
    ATALAYA_DATA: folder,
    ATALAYA_KEY: '07'.repeat(32),
    ATALAYA_CONSOLE: join(folder, 'console'),
    DATABASE_URL: await reroute(database.url),
    ...settings,
  });
  const clock = new ShiftedClock();
  const app = await createApplication({ config, clock, logger });
  await app.listen(0);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const dataSource = app.get(DataSource);
  const passwordHash = await new PasswordHasher().hash(TEST_PASSWORD);
  return {
    app,
    url,
    clock,
    config,
    dataSource,
    addAccount: async (username, role) => {
      const account = newAccount({ username, role, displayName: username }, passwordHash, clock.nowMs());
      await dataSource.manager.insert(AccountEntity, account);
      return account;
    },
    cookieOf: async (account) => {
      const started = await app.get(SessionService).start(account, '127.0.0.1', 'test');
      if (!started) throw new Error('the session was refused');
      return `${SESSION_COOKIE}=${started.token}`;
    },
    call: (method, path, options) => call(url, method, path, options),
    close: async () => {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { cookie, body, headers } = options;
  return fetch(url + path, {
    method,
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export { eventually } from './eventually.ts';
