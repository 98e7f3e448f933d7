import { MAX_BODY_BYTES, MAX_HEADER_FIELDS, MAX_QUOTED_CHARS } from './limits.ts';

/** Header fields by lower-case name; a field that comes several times keeps all its values (RFC 2326 §4.2). */
export class Headers {
  private readonly values = new Map<string, string[]>();

  add(name: string, value: string): void {
    const known = this.values.get(name);
    if (known) known.push(value);
    else this.values.set(name, [value]);
  }

  first(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}

/** What a server sends on a control connection (RFC 2326 §6, §7). */
export type RtspMessage =
  | { readonly kind: 'response'; readonly status: number; readonly headers: Headers; readonly body: string }
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly url: string;
      readonly headers: Headers;
      readonly body: string;
    };

/** A head that was read and still waits for its body. */
export interface RtspHead {
  readonly message: RtspMessage;
  readonly bodyBytes: number;
}

const STATUS_LINE = /^RTSP\/1\.\d (\d{3})(?: .*)?$/;
const REQUEST_LINE = /^([A-Z_]{2,32}) (\S+) RTSP\/1\.\d$/;

export function isStartLine(line: string): boolean {
  return STATUS_LINE.test(line) || REQUEST_LINE.test(line);
}

/** `text`: start line and header fields, lines ended by CRLF or LF. `undefined` when it is no RTSP head or past a cap. */
export function parseHead(text: string): RtspHead | undefined {
  const lines = unfold(text);
  const headers = parseHeaders(lines.slice(1));
  const bodyBytes = headers && contentLengthOf(headers);
  if (headers === undefined || bodyBytes === undefined) return undefined;
  const message = withStartLine(lines[0] ?? '', headers);
  return message && { message, bodyBytes };
}

export function withBody(message: RtspMessage, body: string): RtspMessage {
  return { ...message, body };
}

function withStartLine(line: string, headers: Headers): RtspMessage | undefined {
  const status = STATUS_LINE.exec(line);
  if (status) return { kind: 'response', status: Number(status[1]), headers, body: '' };
  const request = REQUEST_LINE.exec(line);
  return request ? { kind: 'request', method: request[1]!, url: request[2]!, headers, body: '' } : undefined;
}

/** A line that begins with white space goes on with the one before (RFC 2616 §2.2, which RFC 2326 builds on). */
function unfold(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    if (/^[ \t]/.test(line) && lines.length > 1) lines[lines.length - 1] += ` ${line.trim()}`;
    else lines.push(line);
  }
  return lines;
}

function parseHeaders(lines: readonly string[]): Headers | undefined {
  if (lines.length > MAX_HEADER_FIELDS) return undefined;
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    // A line without a name is passed over: cameras have been seen to print debugging text there.
    if (colon > 0) headers.add(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** 0 when absent (RFC 2326 §12.14). */
function contentLengthOf(headers: Headers): number | undefined {
  const text = headers.first('content-length');
  if (text === undefined) return 0;
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const bytes = Number(text);
  return bytes <= MAX_BODY_BYTES ? bytes : undefined;
}

/** Server text for one of our messages: short, printable ASCII. */
export function quoted(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > MAX_QUOTED_CHARS ? `${printable.slice(0, MAX_QUOTED_CHARS)}...` : printable;
}
