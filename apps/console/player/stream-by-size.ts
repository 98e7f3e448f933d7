import type { StreamRole } from '#libs/wire';

/** A sub stream may be stretched this much before main is worth its cost... */
const PROMOTE_AT = 1.5;
/** ...and main is kept until it would be stretched this much only, so that a window being resized does not flutter. */
const DEMOTE_AT = 1.2;

export interface StreamWish {
  /** What the page asks for: `main` is always main, `sub` leaves it to size and attention. */
  readonly wanted: StreamRole;
  readonly current: StreamRole;
  /** Width of the tile on the screen, device pixels. */
  readonly widthPx: number;
  /** Width of the sub stream's picture; 0 when there is no sub stream. */
  readonly subWidthPx: number;
  /** Somebody points at it, or it has the keyboard's focus. */
  readonly isFocused: boolean;
}

/** Main or sub, by how large a tile is on the screen and whether somebody looks at it. */
export function streamBySize({ wanted, current, widthPx, subWidthPx, isFocused }: StreamWish): StreamRole {
  if (wanted === 'main' || isFocused) return 'main';
  if (subWidthPx === 0) return 'sub';
  return widthPx / subWidthPx > (current === 'main' ? DEMOTE_AT : PROMOTE_AT) ? 'main' : 'sub';
}
