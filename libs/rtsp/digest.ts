import { createHash } from 'node:crypto';
import { DIGEST_HASHES, type Challenge } from './challenge.ts';
import type { Credential } from './session-types.ts';

/** What one request is signed with. */
export interface DigestInput {
  readonly method: string;
  readonly url: string;
  readonly clientNonce: string;
  /** How often this nonce was used, this time included. */
  readonly nonceCount: number;
}

/** The value of an Authorization field (RFC 7616 §3.4; without qop as RFC 2069 and most cameras do it). */
export function digestAuthorization(challenge: Challenge, credential: Credential, input: DigestInput): string {
  const count = input.nonceCount.toString(16).padStart(8, '0');
  const fields = [
    `username=${quote(credential.username)}`,
    `realm=${quote(challenge.realm)}`,
    `nonce=${quote(challenge.nonce)}`,
    `uri=${quote(input.url)}`,
    `response="${responseOf(challenge, credential, input, count)}"`,
  ];
  if (challenge.algorithm !== undefined) fields.push(`algorithm=${challenge.algorithm}`);
  if (challenge.opaque !== undefined) fields.push(`opaque=${quote(challenge.opaque)}`);
  if (challenge.hasQopAuth) fields.push('qop=auth', `nc=${count}`);
  if (challenge.hasQopAuth || isSessionVariant(challenge)) fields.push(`cnonce=${quote(input.clientNonce)}`);
  return `Digest ${fields.join(', ')}`;
}

function responseOf(challenge: Challenge, credential: Credential, input: DigestInput, count: string): string {
  const hash = hashOf(challenge);
  const { nonce } = challenge;
  const secret = hash(`${credential.username}:${challenge.realm}:${credential.password}`);
  const a1 = isSessionVariant(challenge) ? hash(`${secret}:${nonce}:${input.clientNonce}`) : secret;
  const a2 = hash(`${input.method}:${input.url}`);
  return hash(
    challenge.hasQopAuth ? `${a1}:${nonce}:${count}:${input.clientNonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`,
  );
}

function isSessionVariant(challenge: Challenge): boolean {
  return challenge.algorithm?.toLowerCase().endsWith('-sess') ?? false;
}

function hashOf(challenge: Challenge): (text: string) => string {
  const name = (challenge.algorithm ?? 'MD5').toLowerCase().replace(/-sess$/, '');
  return (text) => createHash(DIGEST_HASHES[name]!).update(text, 'utf8').digest('hex');
}

/** quoted-string of RFC 9110 §5.6.4. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
}

/** RFC 7617 §2. */
export function basicAuthorization(credential: Credential): string {
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')}`;
}
