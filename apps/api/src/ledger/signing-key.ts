import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf, type SignedHead } from '#libs/ledger';

/** The installation's key for heads. The private half never leaves this object. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo, PEM (RFC 7468 §13). */
  readonly publicKeyPem: string;
}

const KEY_FILE = 'ledger-signing.pem';
/** The head that was signed last, kept beside the database: one that lost its end does not hide it. */
const HEAD_FILE = 'ledger-head.json';

/**
 * Reads `keys/ledger-signing.pem` of the data folder, or makes it: Ed25519, PKCS #8, readable by its owner alone.
 * @throws {Error} naming the file, never its content
 */
export function openSigningKey(dataFolder: string): SigningKey {
  const folder = join(dataFolder, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, KEY_FILE);
  if (!existsSync(file)) makeKey(file);
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file}: others may read it (chmod 600)`);
  const privateKey = readKey(file);
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ format: 'pem', type: 'spki' });
  return { keyId: keyIdOf(publicKey), privateKey, publicKey, publicKeyPem: String(publicKeyPem) };
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What the library says may hold a piece of the file.
  }
  throw new Error(`${file}: not an Ed25519 private key (PKCS #8, PEM)`);
}

/** Appears whole or not at all; of two that start together one makes it. */
function makeKey(file: string): void {
  const draft = `${file}.${process.pid}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function keptHeadFile(dataFolder: string): string {
  return join(dataFolder, 'keys', HEAD_FILE);
}

export function keepHead(dataFolder: string, head: SignedHead): void {
  const file = keptHeadFile(dataFolder);
  writeFileSync(`${file}.new`, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
