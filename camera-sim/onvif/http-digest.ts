import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#libs/base';

export type DigestAlgorithm = 'SHA-256' | 'MD5';

export interface DigestRule {
  readonly realm: string;
  readonly username: string;
  readonly password: string;
  readonly algorithms: readonly DigestAlgorithm[];
  readonly hasQop: boolean;
}

export type DigestVerdict = 'valid' | 'stale' | 'wrong';

const NONCE_LIFE_MS = 300_000;
/** Nonces whose count is remembered. Only a right password puts one in, so strangers cannot push others out. */
const MAX_COUNTED_NONCES = 512;

/**
 * HTTP Digest access authentication (RFC 7616) of one server. A nonce is the time it was made and a keyed hash of that, so
 * handing out challenges needs no memory; what is remembered is the last count of each nonce that was used rightly.
 */
export class HttpDigest {
  private readonly key = randomBytes(32);
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly rule: DigestRule,
    private readonly clock: Clock,
  ) {}

  /** One `WWW-Authenticate` value per algorithm, best first (RFC 7616 §3.7). */
  challenges(stale: boolean): string[] {
    return this.rule.algorithms.map((algorithm) => {
      const parts = [`realm="${this.rule.realm}"`, `nonce="${this.makeNonce()}"`];
      if (this.rule.hasQop) parts.push('qop="auth"', `algorithm=${algorithm}`);
      if (stale) parts.push('stale=true');
      return `Digest ${parts.join(', ')}`;
    });
  }

  /** @param target the request line's target, with its query, exactly as received. */
  check(header: string, method: string, target: string): DigestVerdict {
    const given = readCredentials(header);
    if (given === undefined || given.get('username') !== this.rule.username) return 'wrong';
    if (given.get('realm') !== this.rule.realm || given.get('uri') !== target) return 'wrong';
    const algorithm = this.algorithmOf(given);
    const expected = algorithm && this.responseOf(given, algorithm, method, target);
    if (expected === undefined || !sameText(expected, given.get('response') ?? '')) return 'wrong';
    const nonce = given.get('nonce') ?? '';
    if (!this.isFresh(nonce)) return 'stale';
    return this.rule.hasQop && !this.count(nonce, given.get('nc') ?? '') ? 'stale' : 'valid';
  }

  forget(): void {
    this.counts.clear();
  }

  private algorithmOf(given: ReadonlyMap<string, string>): DigestAlgorithm | undefined {
    const name = given.get('algorithm') ?? 'MD5';
    return this.rule.algorithms.find((offered) => offered === name.toUpperCase());
  }

  /** RFC 7616 §3.4.1; without qop RFC 2069 §2.1.2. */
  private responseOf(
    given: ReadonlyMap<string, string>,
    algorithm: DigestAlgorithm,
    method: string,
    target: string,
  ): string | undefined {
    const hash = (text: string): string =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const { username, realm, password } = this.rule;
    const who = hash(`${username}:${realm}:${password}`);
    const what = hash(`${method}:${target}`);
    const nonce = given.get('nonce') ?? '';
    if (!this.rule.hasQop) return hash(`${who}:${nonce}:${what}`);
    const [nc, cnonce, qop] = [given.get('nc'), given.get('cnonce'), given.get('qop')];
    if (qop !== 'auth' || !cnonce || !nc || !/^[0-9a-f]{8}$/i.test(nc)) return undefined;
    return hash(`${who}:${nonce}:${nc}:${cnonce}:${qop}:${what}`);
  }

  private makeNonce(): string {
    const issued = Math.floor(this.clock.monotonicMs()).toString(16);
    const salt = randomBytes(6).toString('hex');
    return `${issued}-${salt}-${this.seal(`${issued}-${salt}`)}`;
  }

  private isFresh(nonce: string): boolean {
    const [issued = '', salt = '', seal = ''] = nonce.split('-');
    if (!sameText(seal, this.seal(`${issued}-${salt}`))) return false;
    return this.clock.monotonicMs() - Number.parseInt(issued, 16) <= NONCE_LIFE_MS;
  }

  private seal(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('hex').slice(0, 24);
  }

  /** The count of a nonce only grows: a request heard on the wire cannot be sent again. */
  private count(nonce: string, ncHex: string): boolean {
    const nc = Number.parseInt(ncHex, 16);
    if (nc <= (this.counts.get(nonce) ?? 0)) return false;
    this.counts.delete(nonce);
    this.counts.set(nonce, nc);
    if (this.counts.size > MAX_COUNTED_NONCES) this.counts.delete(this.counts.keys().next().value ?? '');
    return true;
  }
}

const MAX_HEADER_CHARS = 2_048;

/** RFC 7616 §3.4: `Digest name=value, …`, values quoted or not. */
function readCredentials(header: string): Map<string, string> | undefined {
  const scheme = /^Digest\s+/i.exec(header);
  if (!scheme || header.length > MAX_HEADER_CHARS) return undefined;
  const given = new Map<string, string>();
  for (const match of header.slice(scheme[0].length).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g)) {
    const name = (match[1] ?? '').toLowerCase();
    if (given.has(name)) return undefined;
    given.set(name, match[3] ?? (match[2] ?? '').replace(/\\(.)/g, '$1'));
  }
  return given;
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
