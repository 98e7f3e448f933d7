import type { z } from 'zod';
import { errorBody } from '#libs/wire';

/** A refused or failed request. `code` is the server's, or `no-connection`, `bad-answer`, `timeout` of our own. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const TIMEOUT_MS = 20_000;

/** The HTTP face of the api. Answers are checked against the contract before a screen sees them. */
export class Http {
  constructor(private readonly onSessionEnded: (code: string) => void) {}

  /** Asks and parses; throws {@link RequestError}. */
  async ask<S extends z.ZodType>(method: Method, path: string, answer: S, body?: unknown): Promise<z.infer<S>> {
    const response = await this.send(method, path, body);
    const parsed = answer.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success)
      throw new RequestError('bad-answer', response.status, `${method} ${path}: ${parsed.error.message}`);
    return parsed.data;
  }

  /** Asks and takes no answer. */
  async tell(method: Method, path: string, body?: unknown): Promise<void> {
    await this.send(method, path, body);
  }

  private async send(method: Method, path: string, body: unknown): Promise<Response> {
    const response = await this.fetch(method, path, body);
    if (response.ok) return response;
    const error = await refusalOf(response);
    if (response.status === 401 && path !== '/api/session') this.onSessionEnded(error.code);
    throw error;
  }

  private async fetch(method: Method, path: string, body: unknown): Promise<Response> {
    const init: RequestInit = { method, credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) };
    init.headers = { accept: 'application/json' };
    if (body !== undefined) {
      init.headers = { ...init.headers, 'content-type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    try {
      return await fetch(path, init);
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      throw new RequestError(timedOut ? 'timeout' : 'no-connection', 0, `${method} ${path}: no answer`);
    }
  }
}

async function refusalOf(response: Response): Promise<RequestError> {
  const parsed = errorBody.safeParse(await response.json().catch(() => undefined));
  const retryAfterS = Number(response.headers.get('retry-after')) || null;
  if (!parsed.success) return new RequestError('bad-answer', response.status, response.statusText, {}, retryAfterS);
  const { code, message, details } = parsed.data;
  return new RequestError(code, response.status, message, details ?? {}, retryAfterS);
}
