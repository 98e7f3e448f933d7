import type { ServerResponse } from 'node:http';
import { errorBody } from '#libs/wire';
import type { Refusal } from '#libs/base';

/** On every answer: browsers of any origin may read it (the ticket is the leave), nobody guesses its type. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Retry-After, Atalaya-Picture-Age-Ms',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Answers one request, once. */
export class Responder {
  constructor(
    readonly response: ServerResponse,
    private readonly isHead: boolean,
    /** HTTP/2 has no fields of the connection (RFC 9113 §8.2.2). */
    private readonly isHttp2 = false,
  ) {}

  send(
    type: string,
    cache: string,
    chunks: readonly Buffer[],
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.head(status, { 'Content-Type': type, 'Cache-Control': cache, 'Content-Length': String(bytes), ...headers });
    if (!this.isHead) for (const chunk of chunks) this.response.write(chunk);
    this.response.end();
  }

  json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const bytes = Buffer.from(JSON.stringify(body));
    this.head(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'Content-Length': String(bytes.length),
      ...headers,
    });
    this.response.end(this.isHead ? undefined : bytes);
  }

  refuse(reason: Refusal, status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.json(status, errorBody.parse(reason), headers);
  }

  empty(status: number, headers: Readonly<Record<string, string>>): void {
    this.head(status, headers);
    this.response.end();
  }

  private head(status: number, headers: Readonly<Record<string, string>>): void {
    const all: Record<string, string> = { ...COMMON_HEADERS, ...headers };
    if (this.isHttp2) delete all['Connection'];
    this.response.writeHead(status, all);
  }
}
