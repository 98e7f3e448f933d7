import type { LonLat } from './street-grid.ts';

/** A line of the scheme: rivers are not driven on, avenues are. */
export interface SchemeLine {
  readonly kind: 'avenue' | 'river' | 'coast';
  /** Empty for the coast. */
  readonly name: string;
  readonly points: readonly LonLat[];
}

/** A part of the town as a block plan; its streets are those of `streetGrid`. */
export interface SchemeQuarter {
  readonly name: string;
  /** North-west, north-east, south-east, south-west. */
  readonly corners: readonly LonLat[];
  /** Blocks from west to east, and from north to south. */
  readonly across: number;
  readonly along: number;
}

/** A name on the map. */
export interface SchemeLabel {
  readonly kind: 'district' | 'area' | 'place' | 'water';
  readonly name: string;
  /** How sure the point is: A found, B read off a route, C estimated, D put into the right area. */
  readonly level: 'A' | 'B' | 'C' | 'D';
  /** 1 is the greatest. */
  readonly rank: number;
  readonly at: LonLat;
}
