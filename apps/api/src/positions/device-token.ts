import { createHash } from 'node:crypto';
import { newToken } from '../access/session-token.ts';

/** Says in any log or leaked file what it is. */
const PREFIX = 'avl_';
const SHAPE = /^avl_[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url behind a prefix. */
export function newDeviceToken(): string {
  return PREFIX + newToken();
}

/** SHA-256: a token of 256 random bits needs no slow hash. */
export function deviceTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function isDeviceToken(text: string): boolean {
  return SHAPE.test(text);
}

/** `Authorization: Basic` (RFC 7617 §2) is base64 of `user:password`; longer headers hold no token of ours. */
const MAX_AUTHORIZATION_CHARS = 300;

/** The password of a `Basic` login, when it could be a token. The user is not asked for: the token says whose it is. */
export function tokenOfBasic(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_AUTHORIZATION_CHARS) return undefined;
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const login = Buffer.from(encoded, 'base64').toString('utf8');
  const password = login.slice(login.indexOf(':') + 1);
  return login.includes(':') && isDeviceToken(password) ? password : undefined;
}
