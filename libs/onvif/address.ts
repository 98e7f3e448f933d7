import { ok, refusal, refused, type Result } from '#libs/base';

/** Most hosts in one sweep: a /20, which at 200 a second takes 20 s. */
export const MAX_SWEEP_HOSTS = 4096;

/** A network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export interface Network {
  readonly version: 4 | 6;
  readonly base: bigint;
  readonly prefix: number;
}

interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Cloud machines answer with their own secrets here (link-local, so inside a private range). No camera lives there. */
const NEVER = [parseNetwork('169.254.169.254/32')!, parseNetwork('fd00:ec2::254/128')!];

/**
 * Whether a literal IP address may be asked or pulled from. Names are never allowed: they are resolved first, and what
 * they resolve to is judged and used. An IPv4 address inside IPv6 (RFC 4291 §2.5.5.2) is judged as IPv4.
 */
export function isAllowedTarget(host: string, networks: readonly Network[]): boolean {
  const address = parseAddress(host);
  if (!address) return false;
  if (NEVER.some((network) => holds(network, address))) return false;
  return networks.some((network) => holds(network, address));
}

/** Answers the networks; those that cannot be read are left out (the settings were checked where they were read). */
export function parseNetworks(texts: readonly string[]): Network[] {
  return texts.map(parseNetwork).filter((network) => network !== undefined);
}

export function parseNetwork(text: string): Network | undefined {
  const match = /^([0-9a-fA-F:.]{2,45})\/(\d{1,3})$/.exec(text.trim());
  const address = match ? parseAddress(match[1]!) : undefined;
  const prefix = Number(match?.[2]);
  if (!address || prefix > BITS[address.version]) return undefined;
  return { version: address.version, base: masked(address, prefix), prefix };
}

/** Whether a text is a literal IP address. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

/** One writing for one address: `::ffff:10.0.0.1` becomes `10.0.0.1`, IPv6 lower case without zone. `undefined` if none. */
export function normaliseAddress(text: string): string | undefined {
  const address = parseAddress(text);
  if (!address) return undefined;
  return address.version === 4
    ? textOfV4(address.value)
    : text
        .toLowerCase()
        .replace(/^\[|\]$/g, '')
        .replace(/%.*$/, '');
}

/** A range that may be swept: IPv4 only, its hosts in order. */
export interface SweepRange {
  readonly cidr: string;
  readonly hosts: number;
  at(index: number): string;
}

/**
 * Reads the target of a sweep. Network and broadcast address are left out of a /30 and larger (RFC 919 §7). Refusals:
 * `cidr-malformed`, `cidr-too-large`, `address-not-allowed` (the range must lie wholly inside one allowed network).
 */
export function parseSweepRange(text: string, networks: readonly Network[]): Result<SweepRange> {
  const network = parseNetwork(text);
  if (!network || network.version !== 4)
    return refused(refusal('bad-input', 'cidr-malformed', 'write an IPv4 network such as 192.168.1.0/24'));
  const size = 2 ** (32 - network.prefix);
  const edges = size > 2 ? 1 : 0;
  const hosts = size - 2 * edges;
  if (hosts > MAX_SWEEP_HOSTS)
    return refused(
      refusal('bad-input', 'cidr-too-large', `a sweep asks at most ${MAX_SWEEP_HOSTS} hosts, got ${hosts}`),
    );
  if (!networks.some((allowed) => contains(allowed, network)))
    return refused(
      refusal('forbidden', 'address-not-allowed', `${text.trim()} is outside the networks where cameras may be`),
    );
  const first = Number(network.base) + edges;
  return ok({
    cidr: `${textOfV4(network.base)}/${network.prefix}`,
    hosts,
    at: (index) => textOfV4(BigInt(first + index)),
  });
}

function contains(outer: Network, inner: Network): boolean {
  return (
    outer.version === inner.version &&
    outer.prefix <= inner.prefix &&
    holds(outer, { version: inner.version, value: inner.base })
  );
}

function holds(network: Network, address: Address): boolean {
  return network.version === address.version && masked(address, network.prefix) === network.base;
}

function masked(address: Address, prefix: number): bigint {
  const host = BigInt(BITS[address.version] - prefix);
  return (address.value >> host) << host;
}

function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%[\w.-]{1,20}$/, '');
  if (bare.length > 45) return undefined;
  const v4 = parseV4(bare);
  if (v4 !== undefined) return { version: 4, value: v4 };
  const v6 = parseV6(bare);
  if (v6 === undefined) return undefined;
  return v6 >> 32n === 0xffffn ? { version: 4, value: v6 & 0xffff_ffffn } : { version: 6, value: v6 };
}

/** Dotted decimal only. `0x7f.1` and `010.0.0.1` mean different hosts to different programs, so they mean none here. */
function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groupsOf(halves[0]!), groupsOf(halves[1] ?? '')];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0n), ...tail].reduce(
    (sum, group) => (sum << 16n) | group,
    0n,
  );
}

function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups.length <= 8 ? groups : undefined;
}

function textOfV4(value: bigint): string {
  const number = Number(value);
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
