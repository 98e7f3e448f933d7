import { useMemo } from 'react';
import type { SectorView, ZoneView } from '#libs/wire';
import { schemeLabels } from '../map/schematic/scheme.ts';
import { middleOf, type KnownPlace } from './places.ts';

/** Places that an operator may be told: those of the base map, zones and patrol sectors. */
export function usePlaces(zones: readonly ZoneView[], sectors: readonly SectorView[]): readonly KnownPlace[] {
  return useMemo(() => {
    const known = schemeLabels()
      .filter(({ look }) => look === 'place' || look === 'area')
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
    return [...known, ...areas, ...patrols];
  }, [zones, sectors]);
}
