import { foldWords } from '#libs/dispatch';
import type { Place, Ring } from '#libs/wire';

/** Something with a name that an operator can be told as a place. */
export interface KnownPlace {
  readonly id: string;
  readonly kind: 'known' | 'zone' | 'sector';
  readonly name: string;
  /** Other names that callers use for it. */
  readonly aliases?: readonly string[];
  readonly address?: string;
  /** Its middle; of a sector it is where units of it are sent. */
  readonly point: Place;
  readonly sectorId: string | null;
}

/** Places whose words begin as typed, all of them; those that begin the name come first. */
export function findPlaces(places: readonly KnownPlace[], typed: string, limit = 6): KnownPlace[] {
  const wanted = foldWords(typed)
    .split(' ')
    .filter((word) => word !== '');
  if (wanted.length === 0) return [];
  return places
    .flatMap((place) =>
      [place.name, ...(place.aliases ?? [])].map((name) => ({ place, words: foldWords(name).split(' ') })),
    )
    .filter(({ words }) => wanted.every((word) => words.some((own) => own.startsWith(word))))
    .filter(({ place }, index, hits) => hits.findIndex((hit) => hit.place === place) === index)
    .toSorted((a, b) => rankOf(a.words, wanted) - rankOf(b.words, wanted) || a.place.name.length - b.place.name.length)
    .slice(0, limit)
    .map(({ place }) => place);
}

function rankOf(words: readonly string[], wanted: readonly string[]): number {
  return words[0]?.startsWith(wanted[0] ?? '') ? 0 : 1;
}

/** The middle of an outline's box: good enough to point a map at; nobody is sent to a middle. */
export function middleOf(ring: Ring): Place {
  const lngs = ring.map(([lng]) => lng);
  const lats = ring.map(([, lat]) => lat);
  return {
    latitudeDeg: (Math.min(...lats) + Math.max(...lats)) / 2,
    longitudeDeg: (Math.min(...lngs) + Math.max(...lngs)) / 2,
  };
}
