import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CameraDetail, CameraView, ChangeCameraBody } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { cameraUnknown, codeTaken } from './camera-refusals.ts';
import { CameraViews } from './camera-views.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';

type CameraChange = Partial<
  Pick<
    CameraEntity,
    | 'name'
    | 'code'
    | 'warm'
    | 'latitudeDeg'
    | 'longitudeDeg'
    | 'bearingDeg'
    | 'fieldOfViewDeg'
    | 'rangeM'
    | 'rtspTransport'
  >
>;

/** Adopted cameras: what is shown of them, their names and where they look. */
@Injectable()
export class CameraService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly views: CameraViews,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(): Promise<CameraView[]> {
    return this.views.all();
  }

  /** @throws {RefusalError} `camera-unknown`. */
  detail(id: string): Promise<CameraDetail> {
    return this.publisher.detail(id);
  }

  /**
   * Name, code, place, aim, transport, and whether it is pulled always.
   * @throws {RefusalError} `camera-unknown`, `camera-code-taken`.
   */
  async change(id: string, body: ChangeCameraBody, by: SignedInUser): Promise<CameraDetail> {
    const change = columnsOf(body);
    await this.dataSource.transaction(async (manager) => {
      await this.store.lockAll(manager);
      const before = await this.store.lock(id, manager);
      if (!before) throw cameraUnknown();
      const { code } = change;
      if (code !== undefined && code !== before.code && (await this.store.codeTaken(code, manager)))
        throw codeTaken(code);
      const changed = differing(before, change);
      if (Object.keys(changed).length === 0) return;
      await manager.update(CameraEntity, { id }, { ...changed, updatedAt: new Date(this.clock.nowMs()) });
      await this.store.notifyRelays(manager);
      const details = { camera: before.code, ...fromTo(before, changed) };
      const what = { action: 'camera:change', objectKind: 'camera', objectId: id, outcome: 'done' as const, details };
      await this.audit.record(what, by, manager);
    });
    await this.publisher.publish(id);
    return this.publisher.detail(id);
  }
}

function columnsOf({ place, transport, ...plain }: ChangeCameraBody): CameraChange {
  const columns: CameraChange = { ...plain };
  if (transport !== undefined) columns.rtspTransport = transport;
  if (place !== undefined) {
    columns.latitudeDeg = place?.latitudeDeg ?? null;
    columns.longitudeDeg = place?.longitudeDeg ?? null;
  }
  return columns;
}

function differing(before: CameraEntity, change: CameraChange): CameraChange {
  return Object.fromEntries(
    Object.entries(change).filter(([key, value]) => value !== undefined && value !== before[key as keyof CameraChange]),
  );
}

function fromTo(before: CameraEntity, changed: CameraChange): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(changed).map(([key, after]) => [key, [before[key as keyof CameraChange], after]]),
  );
}
