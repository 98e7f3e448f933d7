/**
 * The frame stamp: a small block of black and white squares in the lower right corner of each picture. It carries the
 * number of the frame in its loop and the number of the scene, so that any program that sees the decoded pixels knows
 * which frame of which camera it looks at, and how old it is.
 *
 * Layout, in the camera's coordinates scaled to 640x360; the block is flush with the right and the lower edge:
 *
 * ```
 *              x = 552                                        640
 *  y = 344     | W | B | s4 | s3 | s2 | s1 | s0 | f8 | f7 | f6 | f5 |      11 squares of 8x8 each
 *  y = 352     | f4| f3| f2 | f1 | f0 | c5 | c4 | c3 | c2 | c1 | c0 |
 *  y = 360
 * ```
 *
 * - `W` is always white and `B` always black: together they give the threshold, and a picture without enough contrast
 *   between them carries no stamp.
 * - `s`: scene, 0..31. `f`: frame in the loop, 0..511. A white square is a 1, most significant bit first.
 * - `c`: CRC-6 (x^6 + x + 1, ITU-T G.704 §2.1.3.1.2) of the 14 bits `s f`, started at all ones.
 *
 * In a picture of other size every measure is multiplied by `width / 640` and `height / 360`: 16-pixel squares at 1280x720.
 * Squares are read in their inner half only, so that compression and scaling blur may touch their edges.
 */
export interface Stamp {
  /** 0..31 */
  readonly scene: number;
  /** 0..511 */
  readonly frame: number;
}

export const STAMP_COLUMNS = 11;
export const STAMP_ROWS = 2;
export const STAMP_SQUARES = STAMP_COLUMNS * STAMP_ROWS;
export const MAX_STAMP_SCENE = 31;
export const MAX_STAMP_FRAME = 511;

const BASE_WIDTH = 640;
const BASE_HEIGHT = 360;
const BASE_SQUARE = 8;
/** Least difference between the white and the black square, of 255. */
const MIN_CONTRAST = 60;

/** The squares in reading order: `true` is white. */
export function stampSquares(stamp: Stamp): boolean[] {
  if (!Number.isInteger(stamp.scene) || stamp.scene < 0 || stamp.scene > MAX_STAMP_SCENE) {
    throw new RangeError(`scene must be 0..${MAX_STAMP_SCENE}, got ${stamp.scene}`);
  }
  if (!Number.isInteger(stamp.frame) || stamp.frame < 0 || stamp.frame > MAX_STAMP_FRAME) {
    throw new RangeError(`frame must be 0..${MAX_STAMP_FRAME}, got ${stamp.frame}`);
  }
  const data = (stamp.scene << 9) | stamp.frame;
  return [true, false, ...bitsOf(data, 14), ...bitsOf(crc6(data), 6)];
}

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where each square lies in a picture of this size, in reading order; fractions of pixels are possible. */
export function stampLayout(widthPx: number, heightPx: number): Square[] {
  const width = (BASE_SQUARE * widthPx) / BASE_WIDTH;
  const height = (BASE_SQUARE * heightPx) / BASE_HEIGHT;
  return Array.from({ length: STAMP_SQUARES }, (_, position) => ({
    x: widthPx - (STAMP_COLUMNS - (position % STAMP_COLUMNS)) * width,
    y: heightPx - (STAMP_ROWS - Math.floor(position / STAMP_COLUMNS)) * height,
    width,
    height,
  }));
}

/** A decoded picture. One channel is grey (or luma); of 3 or 4 channels the second, green, is read. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3 | 4;
}

/** `undefined` when there is no stamp or it is damaged. */
export function readStamp(pixels: Pixels): Stamp | undefined {
  return stampOfMeans(stampLayout(pixels.widthPx, pixels.heightPx).map((square) => innerMean(pixels, square)));
}

/** The same from the mean brightness of each square's inner half, in reading order. */
export function stampOfMeans(means: readonly number[]): Stamp | undefined {
  const [white = 0, black = 0] = means;
  if (white - black < MIN_CONTRAST) return undefined;
  const threshold = (white + black) / 2;
  const value = means.slice(2).reduce((bits, mean) => bits * 2 + (mean > threshold ? 1 : 0), 0);
  const data = value >> 6;
  if (crc6(data) !== (value & 0x3f)) return undefined;
  return { scene: data >> 9, frame: data & 0x1ff };
}

function innerMean(pixels: Pixels, square: Square): number {
  const fromX = Math.round(square.x + square.width / 4);
  const fromY = Math.round(square.y + square.height / 4);
  const toX = Math.max(fromX + 1, Math.round(square.x + (square.width * 3) / 4));
  const toY = Math.max(fromY + 1, Math.round(square.y + (square.height * 3) / 4));
  const channel = pixels.channels === 1 ? 0 : 1;
  let sum = 0;
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) sum += pixels.data[(y * pixels.widthPx + x) * pixels.channels + channel] ?? 0;
  }
  return sum / ((toX - fromX) * (toY - fromY));
}

function bitsOf(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, position) => ((value >> (count - 1 - position)) & 1) === 1);
}

/** Of 14 bits, most significant first. */
export function crc6(data: number): number {
  let remainder = 0x3f;
  for (let bit = 13; bit >= 0; bit--) {
    const out = (remainder >> 5) & 1;
    remainder = (remainder << 1) & 0x3f;
    if (out !== ((data >> bit) & 1)) remainder ^= 0x03;
  }
  return remainder;
}
