import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CountedCell, TownGrid } from '#libs/report';
import type { Filter } from './report-filter.ts';

/** A cell with what the filters let through, and with everything of its days. */
export interface StudyCell extends CountedCell {
  readonly everything: number;
}

/** Incidents that the filters let through, by whether and why they are not on the map. */
export interface MapCounts {
  readonly inRange: number;
  readonly merged: number;
  readonly dismissed: number;
  readonly masked: number;
  readonly placeless: number;
}

/** What may be on a map at all: it happened, it is no false call, it has a place, and nobody is to be found by it. */
const MAPPED = `life NOT IN ('merged', 'dismissed') AND NOT masked AND latitude_deg IS NOT NULL`;

/** Counts incidents by place. */
@Injectable()
export class CrimeMapStore {
  /** The same arithmetic as `TownGrid.cellOf`. */
  cells(grid: TownGrid, filter: Filter, manager: EntityManager): Promise<StudyCell[]> {
    const { centre, stepLatitudeDeg, stepLongitudeDeg } = grid;
    const places = [centre.longitudeDeg, stepLongitudeDeg, centre.latitudeDeg, stepLatitudeDeg];
    const at = (index: number): string => `$${filter.values.length + index}::float8`;
    return manager.query(
      `SELECT floor((longitude_deg - ${at(1)}) / ${at(2)})::int AS "column", floor((latitude_deg - ${at(3)}) / ${at(4)})::int AS "row",
         count(*)::int AS everything, (count(*) FILTER (WHERE ${filter.where}))::int AS count
       FROM incident_figure WHERE call_at >= $1 AND call_at < $2 AND ${MAPPED} GROUP BY 1, 2`,
      [...filter.values, ...places],
    );
  }

  async counts({ where, values }: Filter, manager: EntityManager): Promise<MapCounts> {
    const happened = `life NOT IN ('merged', 'dismissed')`;
    const [row] = await manager.query<MapCounts[]>(
      `SELECT count(*)::int AS "inRange", (count(*) FILTER (WHERE life = 'merged'))::int AS merged,
         (count(*) FILTER (WHERE life = 'dismissed'))::int AS dismissed,
         (count(*) FILTER (WHERE ${happened} AND masked))::int AS masked,
         (count(*) FILTER (WHERE ${happened} AND NOT masked AND latitude_deg IS NULL))::int AS placeless
       FROM incident_figure WHERE ${where}`,
      [...values],
    );
    return row!;
  }

  maskedBySector(
    { where, values }: Filter,
    manager: EntityManager,
  ): Promise<{ readonly sectorId: string | null; readonly count: number }[]> {
    return manager.query(
      `SELECT sector_id AS "sectorId", count(*)::int AS count FROM incident_figure
       WHERE ${where} AND life NOT IN ('merged', 'dismissed') AND masked GROUP BY 1 ORDER BY 2 DESC`,
      [...values],
    );
  }
}
