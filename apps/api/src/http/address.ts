import type { Request } from 'express';

/** The caller's address as text, IPv4 without its IPv6 wrapping (RFC 4291 §2.5.5.2), so that one caller has one name. */
export function addressOf(request: Pick<Request, 'ip'>): string {
  return plainAddress(request.ip);
}

export function plainAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

export function isLoopback(address: string | undefined): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}
