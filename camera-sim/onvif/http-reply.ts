export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

export function xml(status: number, contentType: string, text: string): HttpReply {
  return { status, headers: { 'Content-Type': contentType }, body: Buffer.from(text, 'utf8') };
}

export function html(status: number, text: string): HttpReply {
  return { status, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(text, 'utf8') };
}

export function jpeg(body: Uint8Array): HttpReply {
  return { status: 200, headers: { 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store' }, body };
}

export function empty(status: number, headers: HttpReply['headers'] = {}): HttpReply {
  return { status, headers, body: new Uint8Array() };
}
