import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import { checkRing } from '#libs/geo';
import type { ChangeZoneBody, CreateZoneBody, Ring, ZoneView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CameraPublisher } from '../cameras/camera-publisher.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { ZoneEntity } from './zone.entity.ts';
import { ZoneStore } from './zone.store.ts';

/** A town has dozens; each costs every coverage request. */
const MAX_ZONES = 300;

/** Areas with a risk level. A camera's zone follows from its place, so a new outline moves cameras too. */
@Injectable()
export class ZoneService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ZoneStore,
    private readonly cameras: CameraStore,
    private readonly cameraPublisher: CameraPublisher,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('zones', () => this.list());
  }

  async list(): Promise<ZoneView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} a `ring-…` code of `checkRing`, `zones-full`. */
  async create(body: CreateZoneBody, by: SignedInUser): Promise<ZoneView> {
    const now = new Date(this.clock.nowMs());
    const { name, riskLevel, notes } = body;
    const zone: ZoneEntity = {
      id: uuidV7(this.clock.nowMs()),
      name,
      riskLevel,
      notes,
      polygon: soundRing(body.ring),
      demonstration: false,
      createdAt: now,
      updatedAt: now,
      removedAt: null,
    };
    await this.dataSource.transaction(async (manager) => {
      if ((await this.store.count(manager)) >= MAX_ZONES)
        throw new RefusalError(refusal('conflict', 'zones-full', `at most ${MAX_ZONES} zones are kept`));
      await manager.insert(ZoneEntity, zone);
      const details = { name, riskLevel, corners: zone.polygon.length - 1 };
      await this.audit.record(
        { action: 'zone:create', objectKind: 'zone', objectId: zone.id, outcome: 'done', details },
        by,
        manager,
      );
    });
    await this.publish(zone.id, true);
    return viewOf(zone);
  }

  /** @throws {RefusalError} `zone-unknown`, a `ring-…` code. */
  async change(id: string, body: ChangeZoneBody, by: SignedInUser): Promise<ZoneView> {
    const polygon = body.ring === undefined ? undefined : soundRing(body.ring);
    const after = await this.dataSource.transaction(async (manager) => {
      const before = await this.store.lock(id, manager);
      if (!before) throw zoneUnknown();
      const { name = before.name, riskLevel = before.riskLevel, notes = before.notes } = body;
      const change = {
        name,
        riskLevel,
        notes,
        polygon: polygon ?? before.polygon,
        updatedAt: new Date(this.clock.nowMs()),
      };
      await manager.update(ZoneEntity, { id }, change);
      const details = summaryOf(before, change);
      await this.audit.record(
        { action: 'zone:change', objectKind: 'zone', objectId: id, outcome: 'done', details },
        by,
        manager,
      );
      return { ...before, ...change };
    });
    await this.publish(id, polygon !== undefined);
    return viewOf(after);
  }

  /** The row stays for history. @throws {RefusalError} `zone-unknown`. */
  async remove(id: string, reason: string, by: SignedInUser): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const zone = await this.store.lock(id, manager);
      if (!zone) throw zoneUnknown();
      const now = new Date(this.clock.nowMs());
      await manager.update(ZoneEntity, { id }, { removedAt: now, updatedAt: now });
      const details = { name: zone.name, riskLevel: zone.riskLevel, reason };
      await this.audit.record(
        { action: 'zone:remove', objectKind: 'zone', objectId: id, outcome: 'done', details },
        by,
        manager,
      );
    });
    await this.publish(id, true);
  }

  private async publish(id: string, moved: boolean): Promise<void> {
    await this.realtime.refresh('zones', id, async () => {
      const zone = await this.store.byId(id);
      return zone ? viewOf(zone) : undefined;
    });
    if (!moved) return;
    const cameras = await this.cameras.all();
    await this.cameraPublisher.publishAll(cameras.map(({ camera }) => camera.id));
  }
}

function soundRing(ring: Ring): Ring {
  const checked = checkRing(ring);
  if (checked.ok) return checked.value;
  throw new RefusalError(checked.refusal);
}

function zoneUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'zone-unknown', 'there is no such zone'));
}

type ZoneChange = Pick<ZoneEntity, 'name' | 'riskLevel' | 'notes' | 'polygon'>;

/** What changed, from what to what; of an outline only that it did. */
function summaryOf(before: ZoneEntity, after: ZoneChange): Record<string, unknown> {
  const details: Record<string, unknown> = { name: before.name };
  if (after.name !== before.name) details['name'] = [before.name, after.name];
  if (after.riskLevel !== before.riskLevel) details['riskLevel'] = [before.riskLevel, after.riskLevel];
  if (after.notes !== before.notes) details['notes'] = 'changed';
  if (JSON.stringify(after.polygon) !== JSON.stringify(before.polygon)) details['outline'] = 'changed';
  return details;
}

function viewOf({ id, name, riskLevel, polygon, notes, demonstration }: ZoneEntity): ZoneView {
  return { id, name, riskLevel, ring: polygon, notes, demonstration };
}
