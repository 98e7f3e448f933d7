import { ok, refused, type Result } from '#libs/base';
import { isAddress, normaliseAddress } from './address.ts';
import { onvifRefusal } from './failure.ts';

/** Where a device answers SOAP. `host` is a literal address: names are resolved before one is made. */
export interface ServiceAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A device service lives here when nothing else is known (ONVIF Core 5.1.1). */
export const DEFAULT_PATH = '/onvif/device_service';
const MAX_PATH_CHARS = 300;

export interface HeldAddress {
  readonly address: ServiceAddress;
  /** The device named another host than the one it answered from; its own was put in. */
  readonly hostReplaced: boolean;
}

/**
 * Picks the address to use from those that a device announced. Only the host that the datagram came from is ever asked:
 * of several, one that names it wins (IPv4 before IPv6, plain before TLS); else the first readable one with its host
 * replaced, because devices behind a factory address or with two interfaces announce the wrong one. Refusal:
 * `onvif-malformed` when none can be read.
 */
export function chooseXAddr(xAddrs: readonly string[], sender: string): Result<HeldAddress> {
  const readable = xAddrs.map(parseWebAddress).filter((parsed) => parsed !== undefined);
  if (readable.length === 0)
    return refused(onvifRefusal('onvif-malformed', 'the device announced no readable address'));
  const own = normaliseAddress(sender) ?? sender;
  const best = readable.toSorted((a, b) => rank(a, own) - rank(b, own))[0]!;
  return ok(isSameHost(best.host, own) ? { address: best, hostReplaced: false } : holdTo(best, own));
}

/** All of 127.0.0.0/8 is one host: the machine itself (RFC 1122 §3.2.1.3), with as many pretend cameras as it likes. */
function isSameHost(a: string, b: string): boolean {
  return a === b || (a.startsWith('127.') && b.startsWith('127.'));
}

/** Same path and port at the device's own host. */
export function holdTo(address: ServiceAddress, host: string): HeldAddress {
  return { address: { ...address, host }, hostReplaced: address.host !== host };
}

function rank(address: ServiceAddress, own: string): number {
  const elsewhere = isSameHost(address.host, own) ? 0 : 4;
  const version6 = address.host.includes(':') ? 2 : 0;
  return elsewhere + version6 + (address.secure ? 1 : 0);
}

/** An `http` or `https` address, without login, query's fragment or control characters; `undefined` if it is not one. */
export function parseWebAddress(text: string): ServiceAddress | undefined {
  if (text.length > 600 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const path = url.pathname + url.search;
  if (path.length > MAX_PATH_CHARS || url.hostname === '') return undefined;
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    secure,
    host: normaliseAddress(host) ?? host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path,
  };
}

/** `http://10.0.0.7:8000/onvif/device_service`, always with its port. */
export function webAddressText(address: ServiceAddress): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.secure ? 'https' : 'http'}://${host}:${address.port}${address.path}`;
}

/** What a person types: `10.0.0.7`, `10.0.0.7:8000`, `cam.lan`, `[fd00::7]:80`, or a whole web address. */
export interface TypedAddress {
  /** A literal address or a name to resolve. */
  readonly host: string;
  /** `null`: try the usual ports. */
  readonly port: number | null;
  readonly path: string;
  readonly secure: boolean;
}

/** Reads a typed address; `undefined` when it is not one. A login in it is dropped. */
export function parseTypedAddress(text: string): TypedAddress | undefined {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) return typedUrl(trimmed);
  if (isAddress(trimmed)) return { host: normaliseAddress(trimmed)!, port: null, path: DEFAULT_PATH, secure: false };
  const match = /^(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?$/.exec(trimmed);
  if (!match || Number(match[2] ?? 1) > 65_535 || Number(match[2] ?? 1) < 1) return undefined;
  const host = match[1]!;
  if (!isAddress(host) && !isHostName(host)) return undefined;
  return {
    host: normaliseAddress(host) ?? host.toLowerCase(),
    port: match[2] === undefined ? null : Number(match[2]),
    path: DEFAULT_PATH,
    secure: false,
  };
}

function typedUrl(text: string): TypedAddress | undefined {
  const parsed = parseWebAddress(text);
  if (!parsed || (!isAddress(parsed.host) && !isHostName(parsed.host))) return undefined;
  const saysPort = /^https?:\/\/[^/]*:\d+(\/|$)/i.test(text);
  return {
    host: parsed.host,
    port: saysPort || parsed.secure ? parsed.port : null,
    path: parsed.path === '/' ? DEFAULT_PATH : parsed.path,
    secure: parsed.secure,
  };
}

/** RFC 1123 §2.1. A name of digits alone is an address written badly. */
function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    !/^[\d.]+$/.test(text) &&
    text.split('.').every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label))
  );
}
