import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, type FindOptionsWhere } from 'typeorm';
import type { CrossingQuery } from '#libs/wire';
import { FenceCrossingEntity } from './fence-crossing.entity.ts';
import type { AreaCrossing } from './position-board.ts';

/** Queries of who came into which area, and left it. */
@Injectable()
export class CrossingStore {
  constructor(private readonly dataSource: DataSource) {}

  async insert(crossings: readonly AreaCrossing[]): Promise<void> {
    await this.dataSource.manager.insert(
      FenceCrossingEntity,
      crossings.map(({ unitId, area, kind, atMs }) => ({
        at: new Date(atMs),
        unitId,
        fenceKind: area.kind,
        fenceId: area.id,
        kind,
      })),
    );
  }

  /** Newest first, one more than asked for, so that the caller knows whether there is a next page. */
  page({ unitId, fenceId, before, limit }: CrossingQuery): Promise<FenceCrossingEntity[]> {
    const where: FindOptionsWhere<FenceCrossingEntity> = {};
    if (unitId !== undefined) where.unitId = unitId;
    if (fenceId !== undefined) where.fenceId = fenceId;
    if (before !== undefined) where.id = LessThan(String(before));
    return this.dataSource.manager.find(FenceCrossingEntity, { where, order: { id: 'DESC' }, take: limit + 1 });
  }

  /** Removes at most `limit` of those that are older than an instant, or beyond the newest `kept`. Answers how many. */
  async removeOld(beforeMs: number, kept: number, limit: number): Promise<number> {
    const [, removed]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM fence_crossing WHERE id IN (
         SELECT id FROM fence_crossing
         WHERE at < $1 OR id <= (SELECT id FROM fence_crossing ORDER BY id DESC OFFSET $2 LIMIT 1) ORDER BY id LIMIT $3)`,
      [new Date(beforeMs), kept, limit],
    );
    return removed;
  }
}
