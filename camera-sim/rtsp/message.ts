import { ok, refusal, refused, type Refusal, type Result } from '#libs/base';

/** What a client may send at most. A real camera has less room than this. */
export const RTSP_LIMITS = {
  lineBytes: 4_096,
  headers: 48,
  headBytes: 16_384,
  bodyBytes: 16_384,
} as const;

/** One request (RFC 2326 §6). Header names are in lower case; a repeated header is joined with a comma (§4.2 of RFC 2616). */
export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export type RtspInput =
  | { readonly kind: 'request'; readonly request: RtspRequest }
  /** A binary packet that the client sent on the connection (§10.12), e.g. a receiver report. */
  | { readonly kind: 'packet'; readonly channel: number; readonly packet: Buffer };

const EMPTY = Buffer.alloc(0);
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;

/**
 * Cuts what a client sends into requests and interleaved packets. Push bytes as they come, take inputs until there is
 * none. After a refusal the connection cannot be read any further: answer it and close.
 */
export class RtspReader {
  private pending: Buffer = EMPTY;
  private broken: Refusal | undefined;

  push(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
  }

  /** The next whole input; `undefined` when more bytes are needed. */
  next(): Result<RtspInput | undefined> {
    if (this.broken) return refused(this.broken);
    this.skipBlankLines();
    const taken = this.pending[0] === DOLLAR ? this.takePacket() : this.takeRequest();
    if (!taken.ok) {
      this.broken = taken.refusal;
      this.pending = EMPTY;
    }
    return taken;
  }

  /** Empty lines before a request are ignored (RFC 2616 §4.1). */
  private skipBlankLines(): void {
    let at = 0;
    while (this.pending[at] === CR || this.pending[at] === LF) at++;
    if (at > 0) this.pending = this.pending.subarray(at);
  }

  private takePacket(): Result<RtspInput | undefined> {
    if (this.pending.length < 4) return ok(undefined);
    const end = 4 + this.pending.readUInt16BE(2);
    if (this.pending.length < end) return ok(undefined);
    const input: RtspInput = { kind: 'packet', channel: this.pending[1]!, packet: this.pending.subarray(4, end) };
    this.pending = this.pending.subarray(end);
    return ok(input);
  }

  private takeRequest(): Result<RtspInput | undefined> {
    const headEnd = endOfHead(this.pending);
    if (headEnd < 0) {
      return this.pending.length > RTSP_LIMITS.headBytes
        ? tooLarge('head', this.pending.length, RTSP_LIMITS.headBytes)
        : ok(undefined);
    }
    if (headEnd > RTSP_LIMITS.headBytes) return tooLarge('head', headEnd, RTSP_LIMITS.headBytes);
    const head = parseHead(this.pending.toString('latin1', 0, headEnd));
    if (!head.ok) return head;
    const bodyBytes = contentLength(head.value.headers);
    if (!bodyBytes.ok) return bodyBytes;
    const end = headEnd + bodyBytes.value;
    if (this.pending.length < end) return ok(undefined);
    const body = this.pending.subarray(headEnd, end);
    this.pending = this.pending.subarray(end);
    return ok({ kind: 'request', request: { ...head.value, body } });
  }
}

/** Index behind the empty line that ends the head, -1 when it has not come. Lone LF is accepted as line end. */
function endOfHead(bytes: Buffer): number {
  const searchEnd = Math.min(bytes.length, RTSP_LIMITS.headBytes + 4);
  for (let at = bytes.indexOf(LF); at >= 0 && at < searchEnd; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

const REQUEST_LINE = /^([A-Z_]{1,32}) (\S{1,2048}) RTSP\/1\.\d$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}):[ \t]*(.*?)[ \t]*$/;

function parseHead(head: string): Result<Omit<RtspRequest, 'body'>> {
  const lines = head.split(/\r?\n/).filter((line) => line !== '');
  const tooLong = lines.find((line) => line.length > RTSP_LIMITS.lineBytes);
  if (tooLong !== undefined) return tooLarge('line', tooLong.length, RTSP_LIMITS.lineBytes);
  if (lines.length - 1 > RTSP_LIMITS.headers) return tooLarge('header-count', lines.length - 1, RTSP_LIMITS.headers);
  const start = REQUEST_LINE.exec(lines[0] ?? '');
  if (!start) return malformed('request-line', 'a request starts with method, URI and RTSP/1.x');
  const headers = parseHeaders(lines.slice(1));
  return headers.ok ? ok({ method: start[1]!, uri: start[2]!, headers: headers.value }) : headers;
}

function parseHeaders(lines: readonly string[]): Result<ReadonlyMap<string, string>> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const header = HEADER_LINE.exec(line);
    if (!header) return malformed('header', 'a header line is a name, a colon and a value');
    const name = header[1]!.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? header[2]! : `${before}, ${header[2]!}`);
  }
  return ok(headers);
}

function contentLength(headers: ReadonlyMap<string, string>): Result<number> {
  const text = headers.get('content-length') ?? '0';
  if (!/^\d{1,9}$/.test(text)) return malformed('content-length', 'Content-Length is a number');
  const bytes = Number(text);
  return bytes > RTSP_LIMITS.bodyBytes ? tooLarge('body', bytes, RTSP_LIMITS.bodyBytes) : ok(bytes);
}

function malformed(what: string, rule: string) {
  return refused(refusal('bad-input', `rtsp-${what}-malformed`, rule));
}

function tooLarge(what: string, value: number, limit: number) {
  return refused(refusal('too-large', `rtsp-${what}-too-large`, `${what} of ${value} exceeds ${limit}`));
}

export interface RtspResponse {
  readonly status: number;
  /** Written in this order; a name may come twice. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** Status lines of RFC 2326 §7.1.1 that a camera uses. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  551: 'Option not supported',
};

/** `lowerCase`: header names as some makers write them; names do not depend on case (RFC 2616 §4.2). */
export function formatResponse(response: RtspResponse, cseq: string | undefined, lowerCase: boolean): Buffer {
  const body = Buffer.from(response.body ?? '', 'utf8');
  const headers: (readonly [string, string])[] = [];
  if (cseq !== undefined) headers.push(['CSeq', cseq]);
  headers.push(...(response.headers ?? []));
  if (body.length > 0) headers.push(['Content-Length', String(body.length)]);
  const lines = headers.map(([name, value]) => `${lowerCase ? name.toLowerCase() : name}: ${value}\r\n`);
  const status = `RTSP/1.0 ${response.status} ${REASONS[response.status] ?? 'Error'}\r\n`;
  return Buffer.concat([Buffer.from(`${status}${lines.join('')}\r\n`, 'latin1'), body]);
}
