import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ReplayTracksView } from '#libs/wire';

/** A fix from before is shown so long, with its age; what was silent longer was nowhere. */
const MAX_SILENT_MS = 3_600_000;

export type PastFix = ReplayTracksView['tracks'][number]['fixes'][number];

interface Row {
  readonly unit_id: string;
  readonly at: Date;
  readonly latitude_deg: number;
  readonly longitude_deg: number;
  readonly bearing_deg: number | null;
  readonly speed_kmh: number | null;
}

const COLUMNS = 'unit_id, taken_at AS at, latitude_deg, longitude_deg, bearing_deg, speed_kmh';

/** Queries of where units were. Each is so many short walks of an index, however many positions lie between. */
@Injectable()
export class PastTrackStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The last fix of each at or before a moment. */
  async lastAt(unitIds: readonly string[], atMs: number): Promise<ReadonlyMap<string, PastFix>> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT fix.* FROM unnest($1::uuid[]) AS unit (id) CROSS JOIN LATERAL (
         SELECT ${COLUMNS} FROM unit_fix WHERE unit_id = unit.id AND taken_at <= $2 AND taken_at > $3
         ORDER BY taken_at DESC LIMIT 1) AS fix`,
      [[...unitIds], new Date(atMs), new Date(atMs - MAX_SILENT_MS)],
    );
    return new Map(rows.map((row) => [row.unit_id, fixOf(row)]));
  }

  /** One fix at most, the last, of each unit in each step of a stretch of time. */
  async sampled(
    unitIds: readonly string[],
    fromMs: number,
    toMs: number,
    stepMs: number,
  ): Promise<ReplayTracksView['tracks']> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT fix.* FROM unnest($1::uuid[]) AS unit (id)
       CROSS JOIN generate_series($2::timestamptz, $3::timestamptz - interval '1 microsecond', make_interval(secs => $4)) AS step (at)
       CROSS JOIN LATERAL (
         SELECT ${COLUMNS} FROM unit_fix
         WHERE unit_id = unit.id AND taken_at >= step.at AND taken_at < least(step.at + make_interval(secs => $4), $3)
         ORDER BY taken_at DESC LIMIT 1) AS fix
       ORDER BY fix.unit_id, fix.at`,
      [[...unitIds], new Date(fromMs), new Date(toMs), stepMs / 1_000],
    );
    const tracks = new Map<string, PastFix[]>();
    for (const row of rows) {
      const track = tracks.get(row.unit_id);
      if (track) track.push(fixOf(row));
      else tracks.set(row.unit_id, [fixOf(row)]);
    }
    return [...tracks].map(([unitId, fixes]) => ({ unitId, fixes }));
  }

  /** Units that were in service at some time after a moment: retired ones have a past. */
  async unitsSince(atMs: number, limit: number): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      'SELECT id FROM unit WHERE retired_at IS NULL OR retired_at >= $1 ORDER BY id LIMIT $2',
      [new Date(atMs), limit],
    );
    return rows.map(({ id }) => id);
  }
}

function fixOf({ at, latitude_deg, longitude_deg, bearing_deg, speed_kmh }: Row): PastFix {
  return [at.getTime(), latitude_deg, longitude_deg, bearing_deg, speed_kmh];
}
