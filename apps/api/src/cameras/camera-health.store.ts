import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RelayNodeEntity } from '../health/relay-node.entity.ts';
import { CameraHealthEntity } from './camera-health.entity.ts';

/** A relay's last beat and how long ago it was by the database's clock. */
export interface RelayBeat {
  readonly id: string;
  readonly heartbeatAt: Date;
  readonly ageMs: number;
}

/** Rows in one answer; the next poll takes the rest. */
const MAX_ROWS = 5_000;

/** Queries of what the relays write. */
@Injectable()
export class CameraHealthStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Rows of cameras in use written after `revision`, oldest first. */
  since(revision: bigint): Promise<CameraHealthEntity[]> {
    return this.dataSource.manager
      .createQueryBuilder(CameraHealthEntity, 'health')
      .innerJoin('health.camera', 'camera', 'camera.removedAt IS NULL')
      .where('health.revision > :revision', { revision: String(revision) })
      .orderBy('health.revision', 'ASC')
      .limit(MAX_ROWS)
      .getMany();
  }

  async relayBeats(): Promise<RelayBeat[]> {
    return (await this.dataSource.manager
      .createQueryBuilder(RelayNodeEntity, 'relay')
      .select(['relay.id AS id', 'relay.heartbeat_at AS "heartbeatAt"'])
      .addSelect('(extract(epoch FROM clock_timestamp() - relay.heartbeat_at) * 1000)::float8', 'ageMs')
      .getRawMany()) as RelayBeat[];
  }

  /**
   * Where browsers find each camera: at the relay that holds it and lives; one that pushes, which nobody holds, at the relay
   * that speaks for it. Left out are cameras that no such relay has, for
   * the seconds in which they go from one to another. A lease that ran out and was not taken still names who pulls.
   * @param silentMs a relay that did not speak for so long does not live
   */
  async publicUrls(cameraIds: readonly string[], silentMs: number): Promise<Map<string, string>> {
    const rows: { cameraId: string; publicUrl: string }[] = await this.dataSource.query(
      `SELECT lease.camera_id AS "cameraId", relay.public_url AS "publicUrl"
       FROM (SELECT camera_id, relay_id FROM camera_lease
             UNION SELECT health.camera_id, health.relay_id
               FROM camera_health health JOIN camera_publisher publisher ON publisher.camera_id = health.camera_id) lease
         JOIN relay_node relay ON relay.id = lease.relay_id
       WHERE lease.camera_id = ANY ($1::uuid[]) AND relay.stopped_at IS NULL
         AND relay.heartbeat_at > clock_timestamp() - $2 * interval '1 ms'`,
      [cameraIds, silentMs],
    );
    return new Map(rows.map((row) => [row.cameraId, row.publicUrl]));
  }

  /** Relays that did not speak for so long will not: a name that was given once does not stay for ever. */
  async forgetSilentRelays(days: number): Promise<number> {
    const [, removed] = (await this.dataSource.query(
      `DELETE FROM relay_node WHERE heartbeat_at < clock_timestamp() - $1 * interval '1 day'`,
      [days],
    )) as [unknown, number];
    return removed;
  }
}
