/**
 * What a page sends on the tiles socket: JSON text, one request a message. A tile is a number of the page's choosing; a
 * page does not give a number to another camera while fragments of the first may still be under way.
 *
 * - `open` on an open tile of the same camera changes its stream (main for sub) without a black moment: the relay goes on
 *   with the old one until the new one has a key frame. For another camera it begins anew, because a picture must not go
 *   on under another camera's name.
 * - `renew` brings a fresh ticket for the same stream of the same camera before the old one expires.
 * - `pause` keeps the tile and sends nothing; `resume` starts at a key frame.
 */
export type TileRequest =
  | { readonly op: 'open'; readonly tile: number; readonly ticket: string }
  | { readonly op: 'renew'; readonly tile: number; readonly ticket: string }
  | { readonly op: 'pause'; readonly tile: number }
  | { readonly op: 'resume'; readonly tile: number }
  | { readonly op: 'close'; readonly tile: number };

export const MAX_TILES_PER_SOCKET = 64;
/** In UTF-16 code units, and in bytes too: a request is ASCII. */
export const MAX_REQUEST_CHARS = 1024;
export const MAX_TILE_NUMBER = 0xffff;
/** What tickets consist of (libs/secret): base64url and a dot. */
const TICKET = /^[A-Za-z0-9_.-]{1,512}$/;

/** Reads one request; `undefined` when it is not one. */
export function readRequest(text: string): TileRequest | undefined {
  if (text.length > MAX_REQUEST_CHARS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('op' in value) || !('tile' in value)) return undefined;
  const { op, tile } = value;
  if (typeof tile !== 'number' || !Number.isInteger(tile) || tile < 0 || tile > MAX_TILE_NUMBER) return undefined;
  if (op === 'pause' || op === 'resume' || op === 'close') return { op, tile };
  if (op !== 'open' && op !== 'renew') return undefined;
  const ticket = 'ticket' in value ? value.ticket : undefined;
  if (typeof ticket !== 'string' || !TICKET.test(ticket)) return undefined;
  return { op, tile, ticket };
}
