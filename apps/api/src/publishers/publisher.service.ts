import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { newPublishKey, newStreamName, publishKeyHash } from '#libs/secret';
import type { ChangePublisherBody, CreatePublisherBody, PublisherView, PublisherWithKey } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CameraPublisher } from '../cameras/camera-publisher.ts';
import { codeTaken } from '../cameras/camera-refusals.ts';
import { CameraStreamEntity } from '../cameras/camera-stream.entity.ts';
import { CameraEntity } from '../cameras/camera.entity.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { relayUrlFor } from '../video/relay-url.ts';
import { PublisherEntity } from './publisher.entity.ts';
import { PublisherStore } from './publisher.store.ts';

/** Cameras that send by themselves: who they are, and the keys that they prove it with. */
@Injectable()
export class PublisherService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly publishers: PublisherStore,
    private readonly cameras: CameraStore,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param host name by which the asker reached us: the devices' address is beside it */
  async list(host: string): Promise<PublisherView[]> {
    const [rows, intakeUrl] = await Promise.all([this.publishers.all(), this.publishers.intakeUrl()]);
    return rows.map((row) => viewOf(row, intakeUrl, host));
  }

  /**
   * A camera whose input is push, with its first key.
   * @throws {RefusalError} `camera-code-taken`.
   */
  async create(body: CreatePublisherBody, host: string, by: SignedInUser): Promise<PublisherWithKey> {
    const key = newPublishKey();
    const camera = this.cameraOf(body);
    const row = Object.assign(new PublisherEntity(), {
      cameraId: camera.id,
      kind: body.kind,
      holder: body.holder,
      streamName: newStreamName(),
      keyHash: publishKeyHash(key),
      keyChangedAt: camera.adoptedAt,
    });
    await this.dataSource.transaction(async (manager) => {
      await this.cameras.lockAll(manager);
      if (body.code !== undefined && (await this.cameras.codeTaken(body.code, manager))) throw codeTaken(body.code);
      camera.code = body.code ?? (await this.cameras.nextCode(manager));
      await manager.insert(CameraEntity, camera);
      await manager.insert(CameraStreamEntity, streamOf(camera.id));
      await manager.insert(PublisherEntity, row);
      await this.cameras.notifyRelays(manager);
      const { kind, holder, streamName } = row;
      const details = { camera: camera.code, name: camera.name, kind, holder, streamName };
      await this.audit.record(auditOf('publisher:create', row, details), by, manager);
    });
    await this.publisher.publish(camera.id);
    return { ...viewOf(row, await this.publishers.intakeUrl(), host), key };
  }

  /** What it is and who carries it. @throws {RefusalError} `publisher-unknown`. */
  async change(cameraId: string, body: ChangePublisherBody, host: string, by: SignedInUser): Promise<PublisherView> {
    const after = await this.dataSource.transaction(async (manager) => {
      const before = await this.known(cameraId, manager);
      const { kind = before.kind, holder = before.holder } = body;
      if (kind === before.kind && holder === before.holder) return before;
      await manager.update(PublisherEntity, { cameraId }, { kind, holder });
      const details = { kind: [before.kind, kind], holder: [before.holder, holder] };
      await this.audit.record(auditOf('publisher:change', before, details), by, manager);
      return Object.assign(before, { kind, holder });
    });
    return viewOf(after, await this.publishers.intakeUrl(), host);
  }

  /** A new key; the one before, if there is one, opens nothing from now on. @throws {RefusalError} `publisher-unknown`. */
  async giveKey(cameraId: string, host: string, by: SignedInUser): Promise<PublisherWithKey> {
    const key = newPublishKey();
    const after = await this.setKey(cameraId, publishKeyHash(key), 'publisher:give-key', by);
    return { ...viewOf(after, await this.publishers.intakeUrl(), host), key };
  }

  /** Whoever publishes with it is cut off. @throws {RefusalError} `publisher-unknown`. */
  async revokeKey(cameraId: string, by: SignedInUser): Promise<void> {
    await this.setKey(cameraId, null, 'publisher:revoke-key', by);
  }

  private setKey(cameraId: string, keyHash: Buffer | null, action: string, by: SignedInUser): Promise<PublisherEntity> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.known(cameraId, manager);
      const change = { keyHash, keyChangedAt: new Date(this.clock.nowMs()) };
      await manager.update(PublisherEntity, { cameraId }, change);
      await this.cameras.notifyRelays(manager);
      await this.audit.record(auditOf(action, row, { streamName: row.streamName }), by, manager);
      return Object.assign(row, change);
    });
  }

  private async known(cameraId: string, manager: EntityManager): Promise<PublisherEntity> {
    const row = await this.publishers.lock(cameraId, manager);
    if (!row) throw new RefusalError(refusal('not-found', 'publisher-unknown', 'there is no such publisher'));
    return row;
  }

  /** Nothing is known of the device but what somebody says of it, and nothing is asked of it. */
  private cameraOf({ name, place }: CreatePublisherBody): CameraEntity {
    const now = new Date(this.clock.nowMs());
    return Object.assign(new CameraEntity(), {
      id: uuidV7(this.clock.nowMs()),
      name,
      manufacturer: '',
      model: '',
      firmware: '',
      onvifUrl: '',
      host: '',
      credentialSealed: Buffer.alloc(0),
      latitudeDeg: place?.latitudeDeg ?? null,
      longitudeDeg: place?.longitudeDeg ?? null,
      hasPtz: false,
      hasEvents: false,
      adoptedAt: now,
      updatedAt: now,
    });
  }
}

/** The relay writes what really comes when it comes (`FormatWriter`). */
function streamOf(cameraId: string): Partial<CameraStreamEntity> {
  return { cameraId, role: 'main', profileToken: '', uri: '', codec: 'h264', widthPx: 0, heightPx: 0 };
}

function viewOf(row: PublisherEntity, intakeUrl: string | undefined, host: string): PublisherView {
  const { cameraId, kind, holder, streamName, keyHash, keyChangedAt } = row;
  return {
    cameraId,
    kind,
    holder,
    streamName,
    address: intakeUrl === undefined ? null : `${relayUrlFor(intakeUrl, host)}/${streamName}`,
    hasKey: keyHash !== null,
    keyChangedAtMs: keyChangedAt.getTime(),
  };
}

function auditOf(action: string, { cameraId }: PublisherEntity, details: Record<string, unknown>) {
  return { action, objectKind: 'camera', objectId: cameraId, outcome: 'done' as const, details };
}
