import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { PG_CHANNELS } from '#libs/wire';
import { CameraStreamEntity } from './camera-stream.entity.ts';
import { CameraEntity } from './camera.entity.ts';

/** A camera with what is pulled from it. */
export interface CameraWithStreams {
  readonly camera: CameraEntity;
  readonly streams: readonly CameraStreamEntity[];
}

/** Any constant that no other advisory lock of the api takes. */
const CAMERA_LOCK = 7_215_400_031;

/** Queries of cameras that are not removed, unless they say otherwise. */
@Injectable()
export class CameraStore {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<CameraWithStreams[]> {
    const { manager } = this.dataSource;
    const cameras = await manager.find(CameraEntity, { where: { removedAt: IsNull() }, order: { code: 'ASC' } });
    const streams = await manager.findBy(CameraStreamEntity, { cameraId: In(cameras.map((camera) => camera.id)) });
    const byCamera = grouped(streams);
    return cameras.map((camera) => ({ camera, streams: byCamera.get(camera.id) ?? [] }));
  }

  async byId(id: string): Promise<CameraWithStreams | undefined> {
    const { manager } = this.dataSource;
    const [camera, streams] = await Promise.all([
      manager.findOneBy(CameraEntity, { id, removedAt: IsNull() }),
      manager.findBy(CameraStreamEntity, { cameraId: id }),
    ]);
    return camera ? { camera, streams } : undefined;
  }

  /** With the sealed credential. */
  withCredential(id: string): Promise<CameraEntity | null> {
    return this.dataSource.manager
      .createQueryBuilder(CameraEntity, 'camera')
      .addSelect('camera.credentialSealed')
      .where('camera.id = :id AND camera.removedAt IS NULL', { id })
      .getOne();
  }

  /** The row, held until the transaction ends. */
  lock(id: string, manager: EntityManager): Promise<CameraEntity | null> {
    return manager.findOne(CameraEntity, { where: { id, removedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
  }

  /** One adoption or renaming at a time, until the transaction ends: codes and identities are rules over all rows. */
  async lockAll(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [CAMERA_LOCK]);
  }

  /** Tells the relays, when the transaction commits, that cameras or streams changed. */
  async notifyRelays(manager: EntityManager): Promise<void> {
    await manager.query("SELECT pg_notify($1, '')", [PG_CHANNELS.cameraConfig]);
  }

  /** Removed cameras keep their code. */
  codeTaken(code: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(CameraEntity, { code });
  }

  /** The number after the highest of all `C-nn`, removed cameras included. */
  async nextCode(manager: EntityManager): Promise<string> {
    const [row] = (await manager.query(
      `SELECT coalesce(max(substring(code FROM '^C-([0-9]{1,6})$')::int), 0) + 1 AS next FROM camera`,
    )) as { next: number }[];
    return `C-${String(row!.next).padStart(2, '0')}`;
  }

  /** The adopted camera that a device is, by its firmest mark. */
  async matching(marks: CameraMarks, manager: EntityManager = this.dataSource.manager): Promise<CameraEntity | null> {
    const { endpointReference, macAddress, manufacturer, serialNumber } = marks;
    const removedAt = IsNull();
    if (endpointReference) {
      const found = await manager.findOneBy(CameraEntity, { endpointReference, removedAt });
      if (found) return found;
    }
    if (macAddress) {
      const found = await manager.findOneBy(CameraEntity, { macAddress, removedAt });
      if (found) return found;
    }
    if (!serialNumber || !manufacturer) return null;
    return manager.findOneBy(CameraEntity, { manufacturer, serialNumber, removedAt });
  }

  /** A camera without a lasting mark is known by where it is. */
  async at(onvifUrl: string, manager: EntityManager = this.dataSource.manager): Promise<CameraEntity | null> {
    return manager.findOneBy(CameraEntity, { onvifUrl, removedAt: IsNull() });
  }

  /** Those whose clock was measured before `beforeMs`, the longest ago first. */
  clockDue(beforeMs: number, limit: number): Promise<CameraEntity[]> {
    return this.dataSource.manager
      .createQueryBuilder(CameraEntity, 'camera')
      .where("camera.removedAt IS NULL AND camera.onvifUrl <> ''")
      .andWhere('(camera.clockMeasuredAt IS NULL OR camera.clockMeasuredAt < :before)', { before: new Date(beforeMs) })
      .orderBy('camera.clockMeasuredAt', 'ASC', 'NULLS FIRST')
      .limit(limit)
      .getMany();
  }
}

export interface CameraMarks {
  readonly endpointReference: string | null;
  readonly macAddress: string | null;
  readonly manufacturer: string;
  readonly serialNumber: string | null;
}

function grouped(streams: readonly CameraStreamEntity[]): Map<string, CameraStreamEntity[]> {
  const groups = new Map<string, CameraStreamEntity[]>();
  for (const stream of streams) {
    const group = groups.get(stream.cameraId);
    if (group) group.push(stream);
    else groups.set(stream.cameraId, [stream]);
  }
  return groups;
}
