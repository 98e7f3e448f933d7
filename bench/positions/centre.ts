import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '#libs/base';
import type { CreatedPositionDeviceView } from '#libs/wire';
import { OwnPostgres } from '../../scripts/chaos/own-postgres.ts';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { until } from '../../scripts/e2e/until.ts';
import { PROJECT_ROOT } from '../../scripts/supervisor/settings.ts';
import { BenchChild } from '../relay/child.ts';

const MAIN = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'src', 'main.js');
/** Requests under way while the fleet is registered. */
const PARALLEL = 20;

/** An api with a database of its own, and a fleet that was registered through its public interface. */
export class Centre {
  private constructor(
    private readonly postgres: OwnPostgres,
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private api: BenchChild,
    readonly port: number,
    /** `Cookie` header of the administrator. */
    private readonly cookie: string,
  ) {}

  static async start(): Promise<Centre> {
    const postgres = await OwnPostgres.start();
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-bench-'));
    const [port = 0] = await freePorts(1);
    const env = {
      DATABASE_URL: postgres.url,
      ATALAYA_PORT: String(port),
      ATALAYA_DATA: folder,
      ATALAYA_KEY: '07'.repeat(32),
      ATALAYA_LOG_LEVEL: 'warn',
    };
    await promisify(execFile)(process.execPath, [MAIN, '--create-administrator'], { env: { ...process.env, ...env } });
    const api = new BenchChild(process.execPath, [MAIN], env);
    const url = `http://127.0.0.1:${port}`;
    await until('the api answers', 30_000, async () => {
      if (!api.isRunning) throw new Error(`the api ended: ${api.lastWords}`);
      return (await fetch(`${url}/health/live`).catch(() => undefined))?.ok === true;
    });
    const logins = JSON.parse(await readFile(join(folder, 'demo-logins.json'), 'utf8')) as {
      username: string;
      password: string;
    }[];
    return new Centre(postgres, folder, env, api, port, await signIn(url, logins[0]!));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.api.pid;
  }

  /** `Cookie` header of one more dispatcher. An account may open 32 sockets: fifty screens are of several people. */
  async addDispatcher(username: string): Promise<string> {
    const password = randomUUID();
    await this.post('/api/accounts', { username, displayName: username, role: 'dispatcher', password });
    return signIn(this.url, { username, password });
  }

  /** kill -9 of the api. */
  kill(): Promise<void> {
    return this.api.kill();
  }

  /** Starts the api anew, on the same port. */
  begin(): void {
    this.api = new BenchChild(process.execPath, [MAIN], this.env);
  }

  /** Units, each with a device; answers the paths at which the devices report. */
  async register(count: number): Promise<string[]> {
    const paths: string[] = [];
    const numbers = Array.from({ length: count }, (_, index) => index);
    const work = async (): Promise<void> => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift())
        paths.push(await this.registerOne(number));
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return paths;
  }

  async stop(): Promise<void> {
    await this.api.stop();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async registerOne(number: number): Promise<string> {
    const unitId = randomUUID();
    const profile = {
      callSign: `M-${number}`,
      kind: 'MOV',
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    };
    const envelope = { commandId: randomUUID(), sentAtMs: systemClock.nowMs() };
    await this.post('/api/units', { ...envelope, unitId, profile });
    const created = await this.post<CreatedPositionDeviceView>(`/api/units/${unitId}/devices`, { name: 'bench' });
    return created.osmAndPath;
  }

  /** A request as the administrator, or as somebody else. */
  async post<T>(path: string, body: unknown, cookie = this.cookie): Promise<T> {
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

async function signIn(url: string, { username, password }: { username: string; password: string }): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw new Error(`the login answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}
