import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32 in lower case: no i, l, o, u, so that a key survives being typed into a body camera. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const KEY_BYTES = 20;
const NAME_BYTES = 5;
const KEY = /^[0-9a-hjkmnp-tv-z]{32}$/;
const NAME = /^[0-9a-hjkmnp-tv-z]{8}$/;

/** What a device that pushes its video proves itself with: 160 random bits as 32 characters. */
export function newPublishKey(): string {
  return text(randomBytes(KEY_BYTES));
}

/** What the stream of a publisher is called in its address: 40 random bits as 8 characters. Not a secret. */
export function newStreamName(): string {
  return text(randomBytes(NAME_BYTES));
}

export function isStreamName(candidate: string): boolean {
  return NAME.test(candidate);
}

/**
 * The only form in which a publish key is stored: SHA-256. A key of 160 random bits cannot be guessed from its hash, so
 * the slow hash that passwords need (RFC 9106) would only cost time at each connection.
 */
export function publishKeyHash(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** In constant time for every key of the right form. */
export function isPublishKey(candidate: string, hash: Buffer): boolean {
  const given = publishKeyHash(candidate);
  return given.length === hash.length && timingSafeEqual(given, hash) && KEY.test(candidate);
}

/** Five bits a character; the lengths above leave no rest. */
function text(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const count = (bytes.length * 8) / 5;
  return Array.from({ length: count }, (_, index) => {
    const shift = BigInt((count - 1 - index) * 5);
    return ALPHABET[Number((bits >> shift) & 31n)];
  }).join('');
}
