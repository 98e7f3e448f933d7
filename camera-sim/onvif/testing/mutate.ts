/** Bends good messages into bad ones, the same way each time: for the fuzz tests of this folder's neighbours too. */

/** Mulberry32: small, seeded, good enough to choose where to bend. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SPICE = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE a>',
  '&#0;',
  '&amp;',
  'xmlns:',
  'xmlns=""',
];
const MORE_SPICE = [
  '\u0000',
  '\ufffe',
  '𝄞',
  ' '.repeat(40),
  '9'.repeat(30),
  '-1',
  'NaN',
  '__proto__',
  '<a>'.repeat(40),
  '%n',
  '\r\n\r\n',
];

/** One to four cuts, flips, copies or insertions. */
export function mutate(seed: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(seed);
  const times = 1 + Math.floor(random() * 4);
  for (let time = 0; time < times; time++) bytes = bend(bytes, random);
  return bytes;
}

function bend(bytes: Buffer, random: () => number): Buffer<ArrayBuffer> {
  const at = Math.floor(random() * bytes.length);
  const length = Math.floor(random() * Math.min(40, bytes.length - at));
  const all = [...SPICE, ...MORE_SPICE];
  switch (Math.floor(random() * 6)) {
    case 0:
      return Buffer.from(bytes.subarray(0, at));
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 3: {
      const flipped = Buffer.from(bytes);
      if (flipped.length > 0) flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return flipped;
    }
    case 4: {
      const spice = Buffer.from(all[Math.floor(random() * all.length)] ?? '<');
      return Buffer.concat([bytes.subarray(0, at), spice, bytes.subarray(at)]);
    }
    default: {
      const from = Math.floor(random() * bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    }
  }
}
