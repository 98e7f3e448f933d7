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

/** Where no camera lives, whatever a setting says. */
const NEVER = parseNetworks([
  // Cloud machines answer with their own secrets here (link-local and unique local, so inside private ranges).
  '169.254.169.254/32',
  'fd00:ec2::254/128',
  // Unspecified ("this host on this network"), multicast, reserved and broadcast: RFC 6890 §2.2.2, RFC 5771, RFC 919 §7.
  '0.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'ff00::/8',
  // An IPv4 address in other clothes: NAT64 (RFC 6052 §2.1), 6to4 (RFC 3056 §2). It is written as IPv4 or not at all.
  '64:ff9b::/96',
  '2002::/16',
]);
const LOOPBACK = parseNetworks(['127.0.0.0/8', '::1/128']);

/**
 * Whether a literal IP address may be asked or pulled from. Names are never allowed: they are resolved first, and what
 * they resolve to is judged and used. An IPv4 address inside IPv6 (RFC 4291 §2.5.5.2) is judged as IPv4. Loopback counts
 * only where it is named: a network that merely contains it (`0.0.0.0/0`) does not open this machine.
 */
export function isAllowedTarget(host: string, networks: readonly Network[]): boolean {
  const address = parseAddress(host);
  if (!address) return false;
  if (NEVER.some((network) => holds(network, address))) return false;
  const open = LOOPBACK.some((network) => holds(network, address)) ? networks.filter(namesLoopback) : networks;
  return open.some((network) => holds(network, address));
}

function namesLoopback(network: Network): boolean {
  return LOOPBACK.some((loopback) => contains(loopback, network));
}

/** An administrator opens a provider's or a neighbour's network, not the internet: no shorter prefix than these. */
const SHORTEST_PREFIX = { 4: 8, 6: 24 } as const;

/**
 * Reads a network by which an administrator widens where cameras may be; answers it with its host bits cleared. Refusals:
 * `network-malformed`, `network-too-wide`, `network-forbidden` (no address of it could ever be allowed, or it is loopback).
 */
export function readWidening(text: string): Result<Network> {
  const network = parseNetwork(text);
  const said = text.trim().slice(0, 60);
  if (!network)
    return refused(refusal('bad-input', 'network-malformed', `"${said}" is not a network such as 10.20.0.0/16`));
  if (network.prefix < SHORTEST_PREFIX[network.version])
    return refused(
      refusal('bad-input', 'network-too-wide', `${said} is wider than a /${SHORTEST_PREFIX[network.version]}`),
    );
  const overlaps = (other: Network): boolean => contains(other, network) || contains(network, other);
  if (LOOPBACK.some(overlaps) || NEVER.some((never) => contains(never, network)))
    return refused(refusal('bad-input', 'network-forbidden', `no camera may be in ${said}`));
  return ok(network);
}

/** A network as it is usually written; IPv6 as RFC 5952 §4 asks. */
export function networkText({ version, base, prefix }: Network): string {
  return `${version === 4 ? textOfV4(base) : textOfV6(base)}/${prefix}`;
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

/** Lower case, no leading zeros, the first longest run of two or more zero groups as `::` (RFC 5952 §4). */
function textOfV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : '.'))
      .join('')
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (best, run) => (best && best[0].length >= run[0].length ? best : run),
    undefined,
  );
  if (!longest) return groups.join(':');
  const head = groups.slice(0, longest.index);
  return `${head.join(':')}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}
