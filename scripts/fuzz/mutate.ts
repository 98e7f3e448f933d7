/**
 * A small pseudo-random source (mulberry32) so that a finding can be made again from its seed. Not for secrets.
 * @returns numbers in 0..1, like `Math.random`
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Values at which lengths and counters break. */
const EDGE_BYTES = [0x00, 0x01, 0x0a, 0x0d, 0x20, 0x24, 0x7f, 0x80, 0xfe, 0xff];

/**
 * One hostile input: a seed bent in one to eight places (bits flipped, edges written, runs doubled, cut, swapped for
 * another seed's), or now and then pure noise. At most `maxBytes` long.
 */
export function mutate(seeds: readonly Buffer[], random: () => number, maxBytes = 4096): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  if (seeds.length === 0 || random() < 0.1) return noise(below(Math.min(256, maxBytes + 1)), below);
  let bytes = Buffer.from(seeds[below(seeds.length)]!);
  for (let change = 1 + below(8); change > 0; change--) bytes = bend(bytes, seeds, below);
  return bytes.subarray(0, maxBytes);
}

function bend(bytes: Buffer, seeds: readonly Buffer[], below: (limit: number) => number): Buffer<ArrayBuffer> {
  const at = below(bytes.length + 1);
  const to = Math.min(bytes.length, at + below(24));
  switch (below(6)) {
    case 0:
      return edit(bytes, at, (value) => value ^ (1 << below(8)));
    case 1:
      return edit(bytes, at, () => EDGE_BYTES[below(EDGE_BYTES.length)]!);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 4: {
      const other = seeds[below(seeds.length)]!;
      const from = below(other.length + 1);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + below(64)), bytes.subarray(to)]);
    }
    default:
      return Buffer.concat([bytes.subarray(0, at), noise(below(16), below), bytes.subarray(at)]);
  }
}

function edit(bytes: Buffer, at: number, change: (value: number) => number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = change(copy[at]!) & 0xff;
  return copy;
}

function noise(length: number, below: (limit: number) => number): Buffer<ArrayBuffer> {
  return Buffer.from(Array.from({ length }, () => below(256)));
}
