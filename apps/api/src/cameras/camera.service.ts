import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Login } from '#libs/onvif';
import type { CameraDetail, CameraView, ChangeCameraBody } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { codeTaken, outcomeOf, valueOrThrow } from './adoption.service.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import { CameraPublisher, cameraUnknown } from './camera-publisher.ts';
import { CameraViews } from './camera-views.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { CandidateService } from './candidate.service.ts';
import { CandidateStore } from './candidate.store.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceAccess } from './device-access.ts';

type CameraChange = Partial<
  Pick<CameraEntity, 'name' | 'code' | 'latitudeDeg' | 'longitudeDeg' | 'bearingDeg' | 'fieldOfViewDeg' | 'rangeM'>
>;

/** Changes of adopted cameras. */
@Injectable()
export class CameraService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly views: CameraViews,
    private readonly publisher: CameraPublisher,
    private readonly candidates: CandidateService,
    private readonly candidateStore: CandidateStore,
    private readonly health: CameraHealthReader,
    private readonly access: DeviceAccess,
    private readonly vault: CredentialVault,
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
   * Name, code, place and aim.
   * @throws {RefusalError} `camera-unknown`, `camera-code-taken`.
   */
  async change(id: string, body: ChangeCameraBody, by: SignedInUser): Promise<CameraDetail> {
    const change = columnsOf(body);
    await this.dataSource.transaction(async (manager) => {
      await this.store.lockAll(manager);
      const before = await this.locked(id, manager);
      const taken =
        change.code !== undefined && change.code !== before.code && (await this.store.codeTaken(change.code, manager));
      if (taken) throw codeTaken(change.code!);
      const changed = differing(before, change);
      if (Object.keys(changed).length === 0) return;
      await manager.update(CameraEntity, { id }, { ...changed, updatedAt: new Date(this.clock.nowMs()) });
      await this.store.notifyRelays(manager);
      const details = Object.fromEntries(
        Object.entries(changed).map(([key, after]) => [key, [before[key as keyof CameraChange], after]]),
      );
      await this.record('camera:change', before, by, manager, details);
    });
    await this.publisher.publish(id);
    return this.publisher.detail(id);
  }

  /**
   * Takes a camera out of use. The row stays for history; the login is wiped and the device may be adopted again.
   * @throws {RefusalError} `camera-unknown`.
   */
  async remove(id: string, reason: string, by: SignedInUser): Promise<void> {
    const candidates = await this.candidateStore.ofCamera(id);
    await this.dataSource.transaction(async (manager) => {
      const camera = await this.locked(id, manager);
      const now = new Date(this.clock.nowMs());
      const wiped = { credentialSealed: Buffer.alloc(0), endpointReference: null, removedAt: now, updatedAt: now };
      await manager.update(CameraEntity, { id }, wiped);
      await manager.query('UPDATE camera_candidate SET camera_id = NULL WHERE camera_id = $1', [id]);
      await this.store.notifyRelays(manager);
      const { endpointReference, host, serialNumber } = camera;
      await this.record('camera:remove', camera, by, manager, { reason, endpointReference, host, serialNumber });
    });
    this.health.board.forget(id);
    await this.publisher.publish(id);
    await this.candidates.publishOfCamera(candidates.map((candidate) => candidate.id));
  }

  /**
   * A login that was changed on the device: it is tried first, so that no wrong one is kept.
   * @throws {RefusalError} `camera-unknown`, `address-not-allowed`, or an `OnvifCode`.
   */
  async changeCredential(id: string, login: Login, by: SignedInUser): Promise<void> {
    const found = await this.store.byId(id);
    if (!found) throw cameraUnknown();
    const opened = await this.access.open(found.camera.onvifUrl, login);
    const tried = opened.ok ? await opened.value.device.information() : opened;
    if (!tried.ok) {
      await this.audit.record(
        { action: 'camera:credential', objectKind: 'camera', objectId: id, ...outcomeOf(tried) },
        by,
      );
    }
    valueOrThrow(tried);
    await this.dataSource.transaction(async (manager) => {
      const camera = await this.locked(id, manager);
      const updatedAt = new Date(this.clock.nowMs());
      await manager.update(CameraEntity, { id }, { credentialSealed: this.vault.seal(login, id), updatedAt });
      await this.store.notifyRelays(manager);
      await this.record('camera:credential', camera, by, manager, {});
    });
  }

  private async locked(id: string, manager: EntityManager): Promise<CameraEntity> {
    const camera = await this.store.lock(id, manager);
    if (!camera) throw cameraUnknown();
    return camera;
  }

  private record(
    action: string,
    { id, code }: CameraEntity,
    by: SignedInUser,
    manager: EntityManager,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const what = {
      action,
      objectKind: 'camera',
      objectId: id,
      outcome: 'done' as const,
      details: { camera: code, ...details },
    };
    return this.audit.record(what, by, manager);
  }
}

function columnsOf({ place, ...plain }: ChangeCameraBody): CameraChange {
  const columns: CameraChange = { ...plain };
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
