import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Fix } from '#libs/avl';
import { PG_CHANNELS } from '#libs/wire';
import { UnitFixEntity } from './unit-fix.entity.ts';

const DAY_MS = 86_400_000;
/** Any constant that no other advisory lock of the api takes. */
const PARTITION_LOCK = 7_215_400_052;
/** Making or dropping a day waits for long readers so long and no longer: everything that writes waits behind it. */
const LOCK_TIMEOUT_MS = 2_000;

/** A fix as it is stored. */
export interface StoredFix {
  readonly unitId: string;
  readonly deviceId: string | null;
  readonly receivedAtMs: number;
  readonly late: boolean;
  readonly fix: Fix;
}

/** Queries of tracks, and the days that they are kept in. */
@Injectable()
export class TrackStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One statement for all of them. A fix that is there already stays as it is: a device that hears no answer sends again. */
  async insert(fixes: readonly StoredFix[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO unit_fix (unit_id, taken_at, received_at, device_id, late, latitude_deg, longitude_deg, speed_kmh,
         bearing_deg, altitude_m, accuracy_m, hdop, battery_share, charging)
       SELECT u, to_timestamp(t / 1000.0), to_timestamp(r / 1000.0), d, l, lat, lon, s, b, alt, acc, hd, bat, c
       FROM json_to_recordset($1) AS fix (u uuid, t double precision, r double precision, d uuid, l boolean,
         lat double precision, lon double precision, s real, b real, alt real, acc real, hd real, bat real, c boolean)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(fixes.map(rowOf))],
    );
  }

  /** In the order in which they were taken, `limit` at most. */
  async between(unitId: string, fromMs: number, toMs: number, limit: number): Promise<UnitFixEntity[]> {
    return this.dataSource.manager
      .createQueryBuilder(UnitFixEntity, 'fix')
      .where('fix.unitId = :unitId AND fix.takenAt >= :from AND fix.takenAt < :to', {
        unitId,
        from: new Date(fromMs),
        to: new Date(toMs),
      })
      .orderBy('fix.takenAt')
      .limit(limit)
      .getMany();
  }

  /** Tells every process of the api; a listener hears what is committed before. */
  async notifyMoves(payload: string): Promise<void> {
    await this.dataSource.query('SELECT pg_notify($1, $2)', [PG_CHANNELS.unitMoves, payload]);
  }

  /** The newest fix of each unit in service since an instant, of all or of some. One walk of an index per unit, newest days first. */
  async newestSince(sinceMs: number, unitIds: readonly string[] | null = null): Promise<UnitFixEntity[]> {
    const rows: { unit_id: string; taken_at: Date }[] = await this.dataSource.query(
      `SELECT newest.* FROM unit CROSS JOIN LATERAL (
         SELECT * FROM unit_fix WHERE unit_id = unit.id AND taken_at >= $1 ORDER BY taken_at DESC LIMIT 1) newest
       WHERE retired_at IS NULL AND ($2::uuid[] IS NULL OR unit.id = ANY($2))`,
      [new Date(sinceMs), unitIds],
    );
    const { columns } = this.dataSource.getMetadata(UnitFixEntity);
    return rows.map((row) => {
      const values = Object.entries(row).map(([name, value]) => [
        columns.find(({ databaseName }) => databaseName === name)!.propertyName,
        value as unknown,
      ]);
      return Object.fromEntries(values) as UnitFixEntity;
    });
  }

  /** Start of the first day that is kept, `undefined` when none is. */
  async keptSinceMs(): Promise<number | undefined> {
    const day = /_(\d{4})(\d\d)(\d\d)$/.exec((await this.days())[0] ?? '');
    return day ? Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : undefined;
  }

  /** Makes the partitions of the days (UTC) from one instant to another, as far as they are not there. */
  async makeDays(fromMs: number, toMs: number): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      const there = new Set(await this.days(manager));
      for (let dayMs = dayOf(fromMs); dayMs <= toMs; dayMs += DAY_MS) {
        const name = nameOf(dayMs);
        if (there.has(name)) continue;
        await manager.query(
          `CREATE TABLE ${name} PARTITION OF unit_fix FOR VALUES FROM ('${isoDay(dayMs)}Z') TO ('${isoDay(dayMs + DAY_MS)}Z')`,
        );
      }
    });
  }

  /** Drops each day that ended before an instant. Answers how many. */
  async dropDaysBefore(beforeMs: number): Promise<number> {
    const old = (await this.days()).filter((name) => name < nameOf(beforeMs));
    for (const name of old) {
      await this.dataSource.transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await manager.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
        await manager.query(`DROP TABLE IF EXISTS ${name}`);
      });
    }
    return old.length;
  }

  /** Names of the partitions; only those that we made are answered, so that they may stand in a statement. */
  private async days(manager: Pick<DataSource, 'query'> = this.dataSource): Promise<string[]> {
    const rows: { name: string }[] = await manager.query(
      `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
       WHERE inhparent = 'unit_fix'::regclass ORDER BY relname`,
    );
    return rows.map(({ name }) => name).filter((name) => /^unit_fix_\d{8}$/.test(name));
  }
}

/** Start of the day (UTC) of an instant. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

const isoDay = (dayMs: number): string => new Date(dayMs).toISOString().slice(0, 19);

/** `unit_fix_20261122`: names in the order of their days. */
function nameOf(atMs: number): string {
  return `unit_fix_${new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function rowOf({ unitId, deviceId, receivedAtMs, late, fix }: StoredFix): Record<string, unknown> {
  return {
    u: unitId,
    t: fix.takenAtMs,
    r: receivedAtMs,
    d: deviceId,
    l: late,
    lat: fix.point.latitudeDeg,
    lon: fix.point.longitudeDeg,
    s: fix.speedKmh,
    b: fix.bearingDeg,
    alt: fix.altitudeM,
    acc: fix.accuracyM,
    hd: fix.hdop,
    bat: fix.batteryShare,
    c: fix.charging,
  };
}

/** The fix of a row. */
export function fixOf(row: UnitFixEntity): Fix {
  const {
    latitudeDeg,
    longitudeDeg,
    takenAt,
    speedKmh,
    bearingDeg,
    altitudeM,
    accuracyM,
    hdop,
    batteryShare,
    charging,
  } = row;
  return {
    point: { latitudeDeg, longitudeDeg },
    takenAtMs: takenAt.getTime(),
    speedKmh,
    bearingDeg,
    altitudeM,
    accuracyM,
    hdop,
    batteryShare,
    charging,
  };
}
