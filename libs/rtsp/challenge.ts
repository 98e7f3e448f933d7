import { MAX_CHALLENGES } from './limits.ts';

/** RFC 7616 §6.1, strongest first, by the names that node:crypto knows them. `-sess` variants follow from these. */
export const DIGEST_HASHES: Readonly<Record<string, string>> = {
  'sha-512-256': 'sha512-256',
  'sha-256': 'sha256',
  md5: 'md5',
};

const DIGEST_ALGORITHMS: readonly string[] = Object.keys(DIGEST_HASHES).flatMap((name) => [name, `${name}-sess`]);

/** One way to log in that a server offers (RFC 9110 §11.3, RFC 7616 §3.3). */
export interface Challenge {
  readonly scheme: 'digest' | 'basic';
  readonly realm: string;
  readonly nonce: string;
  /** As the server wrote it; undefined means MD5. */
  readonly algorithm: string | undefined;
  readonly opaque: string | undefined;
  readonly hasQopAuth: boolean;
  /** The login is right, the nonce is old. */
  readonly isStale: boolean;
}

interface RawChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** The best of what WWW-Authenticate fields offer: digest, strongest hash first, and Basic only if nothing else is. */
export function chooseChallenge(fields: readonly string[]): Challenge | undefined {
  const offered = parseChallenges(fields)
    .map(understood)
    .filter((one) => one !== undefined);
  return offered.sort((a, b) => strength(b) - strength(a))[0];
}

/** `Digest realm="a", nonce="b", Basic realm="a"`: a word without `=` begins the next challenge. */
export function parseChallenges(fields: readonly string[]): readonly RawChallenge[] {
  const challenges: RawChallenge[] = [];
  for (const field of fields) {
    const token = /[\s,]*([^\s=,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/gy;
    for (let found = token.exec(field); found?.[1]; found = token.exec(field)) {
      const value = found[2] === undefined ? found[3] : found[2].replace(/\\(.)/g, '$1');
      if (value !== undefined) challenges.at(-1)?.parameters.set(found[1].toLowerCase(), value);
      else if (challenges.push({ scheme: found[1].toLowerCase(), parameters: new Map() }) >= MAX_CHALLENGES)
        return challenges;
    }
  }
  return challenges;
}

function understood({ scheme, parameters }: RawChallenge): Challenge | undefined {
  if (scheme !== 'digest' && scheme !== 'basic') return undefined;
  const algorithm = parameters.get('algorithm');
  if (scheme === 'digest' && !DIGEST_ALGORITHMS.includes((algorithm ?? 'md5').toLowerCase())) return undefined;
  const qop = parameters.get('qop');
  const hasQopAuth =
    qop
      ?.toLowerCase()
      .split(/[\s,]+/)
      .includes('auth') ?? false;
  if (qop && !hasQopAuth) return undefined;
  return {
    scheme,
    realm: parameters.get('realm') ?? '',
    nonce: parameters.get('nonce') ?? '',
    algorithm,
    opaque: parameters.get('opaque'),
    hasQopAuth,
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === 'basic') return -1;
  const name = (challenge.algorithm ?? 'md5').toLowerCase();
  return DIGEST_ALGORITHMS.length - DIGEST_ALGORITHMS.indexOf(name);
}
