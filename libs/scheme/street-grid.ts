/** Draws the streets of a block plan: the schematic base knows quarters as four corners and how many streets they have. */

export type LonLat = readonly [number, number];

/**
 * Streets of a quarter as lines. `corners` are north-west, north-east, south-east, south-west; `across` streets join the
 * north edge to the south edge, `along` streets join west to east. Both edges are streets themselves.
 */
export function streetGrid(corners: readonly LonLat[], across: number, along: number): LonLat[][] {
  const [northWest, northEast, southEast, southWest] = corners;
  if (!northWest || !northEast || !southEast || !southWest) return [];
  const lines: LonLat[][] = [];
  for (let i = 0; i <= across; i++) {
    lines.push([between(northWest, northEast, i / across), between(southWest, southEast, i / across)]);
  }
  for (let i = 0; i <= along; i++) {
    lines.push([between(northWest, southWest, i / along), between(northEast, southEast, i / along)]);
  }
  return lines;
}

function between(from: LonLat, to: LonLat, share: number): LonLat {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
