/** How a wall divides itself. Chosen by key; kept in the address, so that a kiosk starts with its own. */
export const LAYOUTS = ['map-12', 'mosaic', 'map-1-6'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Pictures that each layout shows. */
export const TILES: Readonly<Record<Layout, number>> = { 'map-12': 12, mosaic: 12, 'map-1-6': 7 };

export function layoutOf(search: string): Layout {
  const wanted = new URLSearchParams(search).get('layout');
  return LAYOUTS.find((layout) => layout === wanted) ?? 'map-12';
}

export function addressOf(layout: Layout): string {
  return layout === 'map-12' ? '/wall' : `/wall?layout=${layout}`;
}

export interface TileOrder {
  readonly id: string;
  readonly code: string;
}

/**
 * Which cameras have a place, and from where the page after `page` starts. Cameras keep their places when others come and
 * go at the end: a wall whose tiles jump is not watched.
 */
export function pageOf<T extends TileOrder>(
  cameras: readonly T[],
  size: number,
  page: number,
): { readonly shown: readonly T[]; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(cameras.length / size));
  const from = (((page % pages) + pages) % pages) * size;
  return { shown: cameras.slice(from, from + size), pages };
}
