import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { LedgerHead } from './event.ts';

/**
 * A head that somebody outside can keep: whoever holds one knows that everything up to it cannot change unseen, even by
 * the hands that own the database.
 */
export interface SignedHead extends LedgerHead {
  readonly atMs: number;
  /** {@link keyIdOf} of the public key. */
  readonly keyId: string;
  /** Ed25519 (RFC 8032 §5.1) over the canonical text of the other members, base64. */
  readonly signature: string;
}

export function signHead({ seq, hash }: LedgerHead, atMs: number, keyId: string, privateKey: KeyObject): SignedHead {
  const signature = sign(null, signedBytes({ seq, hash, atMs, keyId }), privateKey).toString('base64');
  return { seq, hash, atMs, keyId, signature };
}

export function isGenuine(head: SignedHead, publicKey: KeyObject): boolean {
  const signature = Buffer.from(head.signature, 'base64');
  return publicKey.asymmetricKeyType === 'ed25519' && verify(null, signedBytes(head), publicKey, signature);
}

/** First 16 hex digits of the SHA-256 of the key's SubjectPublicKeyInfo. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256').update(spkiOf(publicKey)).digest('hex').slice(0, 16);
}

/** As it stands in `ledger:keyAdopted`. */
export function publicKeyText(publicKey: KeyObject): string {
  return spkiOf(publicKey).toString('base64');
}

/** `undefined` when the text is no Ed25519 key. */
export function parsePublicKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

function signedBytes({ seq, hash, atMs, keyId }: Omit<SignedHead, 'signature'>): Buffer {
  return Buffer.from(canonical({ seq, hash, atMs, keyId }));
}
