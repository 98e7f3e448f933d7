import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { PublisherEntity } from './publisher.entity.ts';

/** A relay that spoke within this long takes publishers in. */
const ALIVE_S = 10;

/** Queries of publishers whose camera is in use. */
@Injectable()
export class PublisherStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<PublisherEntity[]> {
    return this.dataSource.manager.find(PublisherEntity, {
      where: { camera: { removedAt: IsNull() } },
      order: { camera: { code: 'ASC' } },
    });
  }

  /** Its row alone is held until the transaction ends: the camera's is not ours to hold. */
  async lock(cameraId: string, manager: EntityManager): Promise<PublisherEntity | null> {
    const row = await manager.findOne(PublisherEntity, { where: { cameraId }, lock: { mode: 'pessimistic_write' } });
    const isInUse = row && (await manager.existsBy(PublisherEntity, { cameraId, camera: { removedAt: IsNull() } }));
    return isInUse ? row : null;
  }

  /** Where devices publish, `{host}` in it; undefined while no relay takes them in. */
  async intakeUrl(): Promise<string | undefined> {
    const [row] = (await this.dataSource.query(
      `SELECT rtmp_url AS url FROM relay_node
       WHERE rtmp_url IS NOT NULL AND stopped_at IS NULL AND heartbeat_at > clock_timestamp() - make_interval(secs => $1)
       ORDER BY id LIMIT 1`,
      [ALIVE_S],
    )) as { url: string }[];
    return row?.url;
  }
}
