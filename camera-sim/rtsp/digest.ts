import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export interface DigestLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * The RTSP side of HTTP digest (RFC 7616; RFC 2069 form without `qop`, which is what cameras speak). One per connection.
 * The nonce is good for `nonceLifeMs`; an older one is answered with `stale=TRUE` (§3.3) and a new nonce.
 */
export class DigestGate {
  private nonce: string;
  private issuedAtMs: number;

  constructor(
    private readonly realm: string,
    private readonly login: DigestLogin,
    /** Offered in this order; clients that know only MD5 take the last one they understand. */
    private readonly algorithms: readonly DigestAlgorithm[],
    private readonly nonceLifeMs: number,
    nowMs: number,
  ) {
    this.nonce = freshNonce();
    this.issuedAtMs = nowMs;
  }

  /** `granted`, or the challenges to send with 401. */
  check(method: string, authorization: string | undefined, nowMs: number): 'granted' | readonly string[] {
    const given = authorization === undefined ? undefined : parseDigest(authorization);
    const isAnswer = given?.get('nonce') === this.nonce && this.isRight(method, given);
    if (isAnswer && nowMs - this.issuedAtMs <= this.nonceLifeMs) return 'granted';
    if (nowMs - this.issuedAtMs > this.nonceLifeMs) {
      this.nonce = freshNonce();
      this.issuedAtMs = nowMs;
    }
    return this.algorithms.map((algorithm) => this.challenge(algorithm, isAnswer));
  }

  private challenge(algorithm: DigestAlgorithm, stale: boolean): string {
    const named = this.algorithms.length > 1 ? `, algorithm=${algorithm}` : '';
    return `Digest realm="${this.realm}", nonce="${this.nonce}"${named}${stale ? ', stale=TRUE' : ''}`;
  }

  private isRight(method: string, given: ReadonlyMap<string, string>): boolean {
    const algorithm = this.algorithms.find((known) => known === (given.get('algorithm') ?? 'MD5').toUpperCase());
    if (algorithm === undefined || given.get('username') !== this.login.username) return false;
    const ha1 = hash(algorithm, `${this.login.username}:${this.realm}:${this.login.password}`);
    const ha2 = hash(algorithm, `${method}:${given.get('uri') ?? ''}`);
    const expected = Buffer.from(hash(algorithm, `${ha1}:${this.nonce}:${ha2}`));
    const actual = Buffer.from((given.get('response') ?? '').toLowerCase());
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  }
}

function freshNonce(): string {
  return randomBytes(16).toString('hex');
}

function hash(algorithm: DigestAlgorithm, text: string): string {
  return createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');
}

const MAX_DIGEST_PARAMETERS = 16;

/** `undefined` when it is not a digest answer. Parameter names in lower case. */
export function parseDigest(authorization: string): ReadonlyMap<string, string> | undefined {
  if (!/^digest /i.test(authorization)) return undefined;
  const parameters = new Map<string, string>();
  const pattern = /([a-zA-Z]{1,32})\s*=\s*(?:"([^"]*)"|([^\s,"]+))/g;
  for (const match of authorization.slice(7).matchAll(pattern)) {
    if (parameters.size === MAX_DIGEST_PARAMETERS) return undefined;
    parameters.set(match[1]!.toLowerCase(), match[2] ?? match[3] ?? '');
  }
  return parameters;
}
