import { createHash, timingSafeEqual } from 'node:crypto';
import type { SimCamera } from '../model.ts';
import { NAMESPACES } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { parseDateTime } from './xsd-time.ts';

const DIGEST_TYPE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';

/** How far `Created` may be from the camera's own hour, either way. Real cameras allow 5 s to some minutes. */
export const MAX_CREATED_ERROR_MS = 5_000;
/** Tokens remembered; each for as long as its `Created` is good. More logins than this in 10 s are refused. */
const MAX_TOKENS = 4_096;
const MAX_NONCE_CHARS = 256;

/**
 * WS-Security UsernameToken Profile 1.0 §3.1 with PasswordDigest = Base64(SHA-1(nonce + created + password)). Tokens that
 * are too old or too new *by the camera's clock* are refused: that is why clients must measure it. A token is good once. What
 * is remembered is nonce and time together, because libonvif sends one nonce with ever new times, and a token that was
 * overheard cannot be given another time.
 */
export class UsernameTokens {
  /** Nonce and time of a token to the camera hour (ms) at which it may be forgotten. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly camera: SimCamera) {}

  /** @param nowMs the hour that the camera believes it is. */
  isValid(security: XmlElement, nowMs: number): boolean {
    const token = readToken(security);
    if (token === undefined || token.username !== this.camera.spec.username) return false;
    const createdMs = parseDateTime(token.created);
    if (createdMs === undefined || Math.abs(createdMs - nowMs) > MAX_CREATED_ERROR_MS) return false;
    if (!matches(token, this.camera.spec.password)) return false;
    return this.remember(`${token.nonce} ${token.created}`, nowMs);
  }

  /** As after a power cut. */
  forget(): void {
    this.seen.clear();
  }

  private remember(token: string, nowMs: number): boolean {
    for (const [old, untilMs] of this.seen) if (untilMs < nowMs) this.seen.delete(old);
    if (this.seen.has(token) || this.seen.size >= MAX_TOKENS) return false;
    // A token made 5 s ahead stays good for 10 s.
    this.seen.set(token, nowMs + 2 * MAX_CREATED_ERROR_MS);
    return true;
  }
}

interface Token {
  readonly username: string;
  readonly digest: string;
  readonly nonce: string;
  readonly created: string;
}

function readToken(security: XmlElement): Token | undefined {
  const token = childOf(security, NAMESPACES.wsse, 'UsernameToken');
  const password = token && childOf(token, NAMESPACES.wsse, 'Password');
  const nonce = token && childOf(token, NAMESPACES.wsse, 'Nonce');
  const created = token && childOf(token, NAMESPACES.wsu, 'Created');
  const username = token && childOf(token, NAMESPACES.wsse, 'Username');
  if (!username || !password || !nonce || !created) return undefined;
  if (password.attributes.get('Type') !== DIGEST_TYPE || nonce.text.length > MAX_NONCE_CHARS) return undefined;
  return { username: username.text, digest: password.text, nonce: nonce.text, created: created.text };
}

function matches(token: Token, password: string): boolean {
  const nonce = Buffer.from(token.nonce, 'base64');
  const expected = createHash('sha1').update(nonce).update(token.created).update(password).digest();
  const given = Buffer.from(token.digest, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
