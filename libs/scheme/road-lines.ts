import { LINES, QUARTERS } from './ilo.ts';
import { streetGrid, type LonLat } from './street-grid.ts';

/** A link is drawn on no map: it joins a part of the scheme whose streets end short of the next road. */
export type RoadKind = 'avenue' | 'street' | 'link';

/** One drawn line that is driven on, in both directions. */
export interface RoadLine {
  readonly kind: RoadKind;
  /** Of the avenue; streets of a quarter have none. */
  readonly name: string;
  /** Of a street; `null` for an avenue. */
  readonly quarter: string | null;
  readonly points: readonly LonLat[];
}

/** Every road that the schematic map draws. */
export function roadLines(): RoadLine[] {
  const avenues = LINES.filter(({ kind }) => kind === 'avenue').map(({ name, points }) => ({
    kind: 'avenue' as const,
    name,
    quarter: null,
    points,
  }));
  const streets = QUARTERS.flatMap(({ name, corners, across, along }) =>
    streetGrid(corners, across, along).map((points) => ({
      kind: 'street' as const,
      name: '',
      quarter: name,
      points,
    })),
  );
  return [...avenues, ...streets];
}
