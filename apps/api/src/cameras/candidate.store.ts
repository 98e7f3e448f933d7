import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CameraCandidateEntity } from './camera-candidate.entity.ts';

/** Any constant that no other advisory lock of the api takes. */
const CANDIDATE_LOCK = 7_215_400_032;
/** Somebody who shouts false Hellos fills no more than this. */
export const MAX_CANDIDATES = 5_000;

/** Queries of candidates. */
@Injectable()
export class CandidateStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<CameraCandidateEntity[]> {
    return this.dataSource.manager.find(CameraCandidateEntity, { order: { firstSeenAt: 'ASC' }, take: MAX_CANDIDATES });
  }

  byId(id: string, manager: EntityManager = this.dataSource.manager): Promise<CameraCandidateEntity | null> {
    return manager.findOneBy(CameraCandidateEntity, { id });
  }

  /** One sighting at a time, until the transaction ends: the same device may be met in two ways at once. */
  async lockAll(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [CANDIDATE_LOCK]);
  }

  byIdentity(identity: string, manager: EntityManager): Promise<CameraCandidateEntity | null> {
    return manager.findOneBy(CameraCandidateEntity, { identity });
  }

  /** The one that was last seen at an address. */
  at(onvifUrl: string, manager: EntityManager): Promise<CameraCandidateEntity | null> {
    return manager.findOne(CameraCandidateEntity, { where: { onvifUrl }, order: { lastSeenAt: 'DESC' } });
  }

  /** Unties the candidates of a camera and answers their ids. */
  async release(cameraId: string, manager: EntityManager): Promise<string[]> {
    const tied = await manager.findBy(CameraCandidateEntity, { cameraId });
    await manager.update(CameraCandidateEntity, { cameraId }, { cameraId: null });
    return tied.map((candidate) => candidate.id);
  }

  count(manager: EntityManager): Promise<number> {
    return manager.count(CameraCandidateEntity);
  }

  /** Removes candidates that are no camera and were not seen since `before`; answers their ids. */
  async removeUnseen(before: Date, limit: number, manager: EntityManager): Promise<string[]> {
    const [rows] = (await manager.query(
      `DELETE FROM camera_candidate WHERE id IN (
         SELECT id FROM camera_candidate WHERE camera_id IS NULL AND last_seen_at < $1 LIMIT $2) RETURNING id`,
      [before, limit],
    )) as [{ id: string }[], number];
    return rows.map((row) => row.id);
  }
}
