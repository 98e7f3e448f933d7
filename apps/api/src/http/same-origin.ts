import type { IncomingHttpHeaders } from 'node:http';

/** Methods that change nothing (RFC 9110 §9.2.1); another site may link to them. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * Whether a browser says that one of our own pages asks. `host` is the host and port that the browser addressed.
 * Every browser sends `Origin` with an unsafe method and with a WebSocket; a request without `Origin` and
 * `Sec-Fetch-Site` comes from a program, which holds no cookie of somebody else. This stands beside `SameSite=Strict`,
 * which would let another port of this host (the relay's) through.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const { origin } = headers;
  if (origin !== undefined) return host !== undefined && hostOf(origin) === host.toLowerCase();
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** `undefined` for `null` (a sandboxed page) and for whatever is no address. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
