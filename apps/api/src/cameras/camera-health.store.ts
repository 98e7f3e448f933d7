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

  relay(id: string): Promise<RelayNodeEntity | null> {
    return this.dataSource.manager.findOneBy(RelayNodeEntity, { id });
  }
}
