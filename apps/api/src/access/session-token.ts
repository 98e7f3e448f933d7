import { createHash, randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';

export const SESSION_COOKIE = 'atalaya_session';

const TOKEN_BYTES = 32;
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/;
/** A browser sends a few cookies; more than this is not one of ours. */
const MAX_COOKIE_CHARS = 4_096;

/** 256 random bits as base64url: nothing to guess and nothing to sign. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored of a token. One round of SHA-256 is enough for 256 random bits; a password would need more. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The session token of a `Cookie` header, when there is one that could be ours. */
export function tokenOf(cookieHeader: string | undefined): string | undefined {
  if (cookieHeader === undefined || cookieHeader.length > MAX_COOKIE_CHARS) return undefined;
  const token = parseCookie(cookieHeader)[SESSION_COOKIE];
  return token !== undefined && TOKEN_SHAPE.test(token) ? token : undefined;
}

/**
 * `Set-Cookie` of a login (RFC 6265bis §4.1): out of reach of scripts, never sent by another site's page. `Secure` only
 * when the browser came by https, because a control room's own network often has none.
 */
export function sessionCookie(token: string, maxAgeMs: number, secure: boolean): string {
  return stringifySetCookie({
    name: SESSION_COOKIE,
    value: token,
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: Math.floor(maxAgeMs / 1000),
  });
}

/** `Set-Cookie` that makes the browser forget its login. */
export function forgottenCookie(secure: boolean): string {
  return sessionCookie('', 0, secure);
}
