import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a derived key is for. A key derived for one purpose opens nothing of another. */
export type KeyPurpose = 'camera-credential' | 'video-ticket';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/** Reads a master key written as 64 hex digits or as base64 of 32 bytes; `undefined` when it is neither. */
export function parseMasterKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  const key = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/** One key per purpose from the master key (HKDF-SHA256, RFC 5869). */
export function deriveKey(master: Buffer, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'atalaya', purpose, KEY_BYTES));
}

/**
 * Seals bytes with AES-256-GCM (NIST SP 800-38D): `version(1) nonce(12) tag(16) ciphertext`. `boundTo` is authenticated
 * and not stored: a sealed credential moved to another camera's row does not open.
 */
export function seal(key: Buffer, plain: Buffer, boundTo: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(boundTo, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
}

/** Opens what {@link seal} made; `undefined` when the key, the binding or the bytes are not the ones it was sealed with. */
export function open(key: Buffer, sealed: Buffer, boundTo: string): Buffer | undefined {
  const headBytes = 1 + NONCE_BYTES + TAG_BYTES;
  if (sealed.length < headBytes || sealed[0] !== VERSION) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES));
  decipher.setAAD(Buffer.from(boundTo, 'utf8'));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, headBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}
