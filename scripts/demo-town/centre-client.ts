import type { z } from 'zod';
import { errorBody } from '#libs/wire';

export interface CentreLogin {
  readonly username: string;
  readonly password: string;
}

const TIMEOUT_MS = 20_000;
const MAX_ERROR_CHARS = 200;

/** The centre's answer that it did not do it, with the code of its reason (empty when it gave none). */
export class CentreRefusal extends Error {
  constructor(
    request: string,
    readonly status: number,
    readonly code: string,
    reason: string,
  ) {
    super(`${request}: ${status} ${reason}`);
  }
}

/** The centre's HTTP API as any program outside sees it: a login, a cookie, checked answers. */
export class CentreClient {
  private constructor(
    private readonly baseUrl: string,
    private readonly cookie: string,
    private readonly signal: AbortSignal,
  ) {}

  static async signIn(baseUrl: string, login: CentreLogin, signal: AbortSignal): Promise<CentreClient> {
    const response = await request(baseUrl, 'POST', '/api/session', { signal, body: login });
    const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]!);
    await response.body?.cancel();
    if (cookie.length === 0) throw new Error('the centre gave no cookie');
    return new CentreClient(baseUrl, cookie.join('; '), signal);
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.send('GET', path)).json());
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.send('POST', path, body)).json());
  }

  async patch<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.send('PATCH', path, body)).json());
  }

  async delete(path: string, body: unknown): Promise<void> {
    await (await this.send('DELETE', path, body)).body?.cancel();
  }

  /** A login that nobody uses any more should not stand open. */
  async signOut(): Promise<void> {
    await this.send('DELETE', '/api/session');
  }

  private send(method: string, path: string, body?: unknown): Promise<Response> {
    return request(this.baseUrl, method, path, { signal: this.signal, cookie: this.cookie, body });
  }
}

async function request(
  baseUrl: string,
  method: string,
  path: string,
  { signal, cookie, body }: { signal: AbortSignal; cookie?: string; body?: unknown },
): Promise<Response> {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (response.ok) return response;
  const { code, reason } = reasonIn(await response.text());
  throw new CentreRefusal(`${method} ${path}`, response.status, code, reason);
}

function reasonIn(text: string): { code: string; reason: string } {
  try {
    const { code, message } = errorBody.parse(JSON.parse(text));
    return { code, reason: `${code}: ${message}`.slice(0, MAX_ERROR_CHARS) };
  } catch {
    return { code: '', reason: text.slice(0, MAX_ERROR_CHARS) };
  }
}
