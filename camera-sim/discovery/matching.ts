import { NAMESPACES } from '../onvif/namespaces.ts';
import type { TypeName } from './messages.ts';

/** Types of every pretended camera (ONVIF Core §7.3.2.1), with the prefixes under which they are written. */
export const CAMERA_TYPES = ['dn:NetworkVideoTransmitter', 'tds:Device'] as const;

const KNOWN_TYPES: readonly TypeName[] = [
  { namespace: NAMESPACES.dn, name: 'NetworkVideoTransmitter' },
  { namespace: NAMESPACES.tds, name: 'Device' },
];

/** WS-Discovery §5.1: a target matches when it has every type asked for; none asked for matches all. */
export function matchesTypes(asked: readonly TypeName[]): boolean {
  return asked.every((type) =>
    KNOWN_TYPES.some((known) => known.name === type.name && known.namespace === type.namespace),
  );
}

/** Rules of scope comparison: each version has its own names for the same rules. Absent means RFC 3986. */
const RULES: ReadonlyMap<string, 'rfc3986' | 'strcmp0' | 'none'> = new Map([
  ['', 'rfc3986'],
  ['http://schemas.xmlsoap.org/ws/2005/04/discovery/rfc2396', 'rfc3986'],
  ['http://schemas.xmlsoap.org/ws/2005/04/discovery/rfc3986', 'rfc3986'],
  ['http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/rfc3986', 'rfc3986'],
  ['http://schemas.xmlsoap.org/ws/2005/04/discovery/strcmp0', 'strcmp0'],
  ['http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/strcmp0', 'strcmp0'],
  ['http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/none', 'none'],
]);

/** WS-Discovery §5.1: every scope asked for is one of the target's. A rule that is not known matches nothing. */
export function matchesScopes(asked: readonly string[], own: readonly string[], matchBy: string): boolean {
  const rule = RULES.get(matchBy);
  if (rule === undefined || rule === 'none') return false;
  const same = rule === 'strcmp0' ? (a: string, b: string): boolean => a === b : startsLike;
  return asked.every((scope) => own.some((candidate) => same(scope, candidate)));
}

/** RFC 3986 rule: scheme and authority without case, then the asked path is a prefix of whole segments. */
function startsLike(asked: string, own: string): boolean {
  const [one, other] = [partsOf(asked), partsOf(own)];
  if (!one || !other || one.authority !== other.authority) return false;
  return one.segments.every((segment, index) => segment === other.segments[index]);
}

function partsOf(uri: string): { authority: string; segments: string[] } | undefined {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^?#]*)/i.exec(uri);
  if (!match) return undefined;
  const path = (match[2] ?? '').replace(/\/$/, '');
  const segments = path === '' ? [] : path.slice(1).split('/');
  // Dot segments would let one scope pass for another; the specification has them match nothing.
  if (segments.includes('.') || segments.includes('..')) return undefined;
  return { authority: (match[1] ?? '').toLowerCase(), segments: segments.map(decoded) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
