import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc6, readStamp, stampLayout, stampSquares, type Pixels, type Stamp } from './stamp.ts';

/** Paints squares the way the overlay does: whole pixels of two greys. */
function painted(squares: readonly boolean[], widthPx: number, heightPx: number, channels: 1 | 3 | 4): Pixels {
  const data = new Uint8Array(widthPx * heightPx * channels).fill(90);
  stampLayout(widthPx, heightPx).forEach((square, position) => {
    for (let y = Math.floor(square.y); y < Math.ceil(square.y + square.height); y++) {
      for (let x = Math.floor(square.x); x < Math.ceil(square.x + square.width); x++) {
        data.fill(squares[position] ? 220 : 24, (y * widthPx + x) * channels, (y * widthPx + x + 1) * channels);
      }
    }
  });
  return { data, widthPx, heightPx, channels };
}

const stamps = fc.record({ scene: fc.integer({ min: 0, max: 31 }), frame: fc.integer({ min: 0, max: 511 }) });
const sizes = fc.constantFrom([1280, 720], [640, 360], [960, 540], [1920, 1080], [480, 270] as const);

describe('frame stamp', () => {
  it('is read as it was written, at any size and pixel format', () => {
    fc.assert(
      fc.property(stamps, sizes, fc.constantFrom(1, 3, 4), (stamp, [width, height], channels) => {
        expect(readStamp(painted(stampSquares(stamp), width!, height!, channels as 1 | 3 | 4))).toEqual(stamp);
      }),
      { numRuns: 60 },
    );
  });

  it('is not read when any one square is wrong', () => {
    fc.assert(
      fc.property(stamps, fc.integer({ min: 2, max: 21 }), (stamp: Stamp, wrong) => {
        const squares = stampSquares(stamp);
        squares[wrong] = !squares[wrong];
        expect(readStamp(painted(squares, 640, 360, 1))).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('finds none in an even picture', () => {
    for (const grey of [0, 16, 128, 255]) {
      const data = new Uint8Array(640 * 360).fill(grey);
      expect(readStamp({ data, widthPx: 640, heightPx: 360, channels: 1 })).toBeUndefined();
    }
  });

  it('uses the CRC-6 of ITU-T G.704, whose remainder of data followed by its own check is always the same', () => {
    // Bit by bit polynomial division, written from the polynomial 1000011 and not from the shift register.
    const divided = (data: number): number => {
      let bits = data ^ (0x3f << 8);
      bits *= 64;
      for (let at = 19; at >= 6; at--) if (Math.floor(bits / 2 ** at) % 2 === 1) bits ^= 0b1000011 << (at - 6);
      return bits;
    };
    for (let data = 0; data < 1 << 14; data += 7) expect(crc6(data)).toBe(divided(data));
  });

  it('refuses numbers that do not fit', () => {
    expect(() => stampSquares({ scene: 32, frame: 0 })).toThrow(RangeError);
    expect(() => stampSquares({ scene: 0, frame: 512 })).toThrow(RangeError);
  });
});
