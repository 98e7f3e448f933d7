import { useMemo } from 'react';
import { foldWords } from '#libs/dispatch';
import type { SectorView, ZoneView } from '#libs/wire';
import { useTopic } from '../live/services.tsx';
import { schemeLabels } from '../map/schematic/scheme.ts';
import { middleOf, type KnownPlace } from './places.ts';

/**
 * Places that an operator may be told: the centre's own catalogue, what the base map names besides, zones and patrol
 * sectors.
 */
export function usePlaces(zones: readonly ZoneView[], sectors: readonly SectorView[]): readonly KnownPlace[] {
  const state = useTopic('places');
  return useMemo(() => {
    const kept = (state.kind === 'ready' ? state.items : []).map(({ id, name, aliases, address, point }) => ({
      id,
      kind: 'known' as const,
      name,
      aliases,
      address,
      point,
      sectorId: null,
    }));
    const keptNames = new Set(kept.flatMap(({ name, aliases }) => [name, ...aliases].map(foldWords)));
    const known = schemeLabels()
      .filter(({ look, text }) => (look === 'place' || look === 'area') && !keptNames.has(foldWords(text)))
      .map(({ id, text, latitudeDeg, longitudeDeg }) => ({
        id,
        kind: 'known' as const,
        name: text,
        point: { latitudeDeg, longitudeDeg },
        sectorId: null,
      }));
    const areas = zones.map(({ id, name, ring }) => ({
      id,
      kind: 'zone' as const,
      name,
      point: middleOf(ring),
      sectorId: null,
    }));
    const patrols = sectors
      .filter(({ kind }) => kind === 'patrol')
      .map(({ id, name, ring }) => ({
        id,
        kind: 'sector' as const,
        name,
        point: middleOf(ring),
        sectorId: id,
      }));
    return [...kept, ...known, ...areas, ...patrols];
  }, [state, zones, sectors]);
}
