import { ascii, box, fullBox, u16, u32, zeros, type BoxContent } from './box.ts';

/** Ticks a second of video tracks: the RTP clock of video (RFC 6184 §8.2.1), so that no time is ever converted. */
export const TIMESCALE = 90_000;

/** A file holds one track. */
export const TRACK_ID = 1;

/** Identity of ISO/IEC 14496-12 §6.2.2: 16.16 fixed point, the last column 2.30. */
const UNITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** "und" in three 5-bit letters (§8.4.2.3). */
const LANGUAGE_UNDETERMINED = 0x55c4;

/** §4.3. `iso6` allows default-base-is-moof; `cmfc` and `mp41` tell players what they look for. */
export function ftyp(brands: readonly string[]): Buffer {
  return box('ftyp', ascii('iso6'), u32(1), brands.map(ascii));
}

/** §8.2.1 */
export function moov(...children: readonly BoxContent[]): Buffer {
  return box('moov', ...children);
}

/** §8.2.2. Duration 0: the length is not known and lies in the fragments. */
export function mvhd(): Buffer {
  const nextTrackId = TRACK_ID + 1;
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, TIMESCALE, 0),
    u32(0x10000),
    u16(0x100, 0),
    zeros(8),
    UNITY_MATRIX,
    zeros(24),
    u32(nextTrackId),
  );
}

/** §8.8.1 */
export function mvex(...children: readonly BoxContent[]): Buffer {
  return box('mvex', ...children);
}

/** §8.8.3. Sample description 1, every other default zero: each fragment states its own. */
export function trex(): Buffer {
  return fullBox('trex', 0, 0, u32(TRACK_ID, 1, 0, 0, 0));
}

/** §8.3.1 */
export function trak(...children: readonly BoxContent[]): Buffer {
  return box('trak', ...children);
}

/** §8.3.2. Flags: enabled, in movie, in preview. Width and height are 16.16; volume, for audio, 8.8. */
export function tkhd(widthPx: number, heightPx: number, volume: 0 | 1 = 0): Buffer {
  return fullBox(
    'tkhd',
    0,
    0x7,
    u32(0, 0, TRACK_ID, 0, 0),
    zeros(8),
    u16(0, 0, volume * 0x100, 0),
    UNITY_MATRIX,
    u32(fixed16(widthPx), fixed16(heightPx)),
  );
}

function fixed16(value: number): number {
  return (Math.round(value) * 0x10000) >>> 0;
}

/** §8.4.1 */
export function mdia(...children: readonly BoxContent[]): Buffer {
  return box('mdia', ...children);
}

/** §8.4.2 */
export function mdhd(timescale = TIMESCALE): Buffer {
  return fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(LANGUAGE_UNDETERMINED, 0));
}

/** §8.4.3 */
export function hdlr(kind: 'vide' | 'soun' = 'vide'): Buffer {
  const name = kind === 'vide' ? 'VideoHandler\0' : 'SoundHandler\0';
  return fullBox('hdlr', 0, 0, u32(0), ascii(kind), zeros(12), ascii(name));
}

/** §8.4.4 */
export function minf(...children: readonly BoxContent[]): Buffer {
  return box('minf', ...children);
}

/** §12.1.2. Its flags are 1 by definition. */
export function vmhd(): Buffer {
  return fullBox('vmhd', 0, 1, zeros(8));
}

/** §8.7.1, §8.7.2: one data reference that says "in this file". */
export function dinf(): Buffer {
  const url = fullBox('url ', 0, 1);
  return box('dinf', fullBox('dref', 0, 0, u32(1), url));
}

/** §8.5. Tables are there and empty: samples lie in fragments. */
export function stbl(sampleEntry: Buffer): Buffer {
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), sampleEntry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
}

/** §12.1.3: VisualSampleEntry, the head that `avc1` and `hvc1` share. 72 dpi, one frame a sample, 24 bit, no palette. */
export function visualSampleEntry(
  type: 'avc1' | 'hvc1' | 'jpeg',
  widthPx: number,
  heightPx: number,
  ...children: readonly BoxContent[]
): Buffer {
  return box(
    type,
    zeros(6),
    u16(1),
    zeros(16),
    u16(widthPx, heightPx),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(0x18, 0xffff),
    ...children,
  );
}

/** §12.1.4: width and height of one sample of the picture, relative to each other. */
export function pasp(horizontal: number, vertical: number): Buffer {
  return box('pasp', u32(horizontal, vertical));
}
