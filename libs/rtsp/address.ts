import { MAX_URL_CHARS } from './limits.ts';

/** Where a stream is, as text that goes into requests untouched: cameras compare it letter by letter. */
export interface StreamAddress {
  readonly url: string;
  /** Lower case; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
}

const RTSP_PORT = 554;
const UNPRINTABLE = /[^\x21-\x7e]/;

/**
 * An absolute `rtsp:` address. User information is taken out: some cameras put the login into their control addresses, and
 * it must not travel back or reach a log. `undefined` when it is none.
 */
export function parseAddress(text: string): StreamAddress | undefined {
  if (text.length > MAX_URL_CHARS || UNPRINTABLE.test(text) || !URL.canParse(text)) return undefined;
  const parsed = new URL(text);
  if (parsed.protocol !== 'rtsp:' || parsed.hostname === '') return undefined;
  const port = parsed.port === '' ? RTSP_PORT : Number(parsed.port);
  return { url: withoutUser(text), host: parsed.hostname.toLowerCase(), port };
}

export function hasUserInformation(text: string): boolean {
  return withoutUser(text) !== text;
}

/** The authority ends at the first slash, question mark or hash (RFC 3986 §3.2). */
function withoutUser(text: string): string {
  return text.replace(/^(rtsp:\/\/)[^/?#]*@/i, '$1');
}

export function isAbsolute(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/**
 * The address that a control attribute means (RFC 2326 §C.1.1). Relative ones are put behind the base as text and not
 * resolved by RFC 3986: a base such as `rtsp://host/cam?channel=1` would lose its query, and every camera that has such a
 * base means the plain join.
 */
export function joinControl(base: string, control: string): string {
  if (control === '' || control === '*') return base;
  if (isAbsolute(control)) return control;
  if (control.startsWith('/')) return `${base.replace(/^(rtsp:\/\/[^/?#]*).*$/i, '$1')}${control}`;
  return base.endsWith('/') ? `${base}${control}` : `${base}/${control}`;
}
