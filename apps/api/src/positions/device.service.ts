import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusalError, refusal, uuidV7 } from '#libs/base';
import {
  POSITION_CAPS,
  type CreatePositionDeviceBody,
  type CreatedPositionDeviceView,
  type PositionDeviceView,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DeviceRegistry, MAX_DEVICES, freshTally } from './device-registry.ts';
import { deviceTokenHash, newDeviceToken } from './device-token.ts';
import { PositionDeviceEntity } from './position-device.entity.ts';
import { PositionDeviceStore } from './position-device.store.ts';
import { UnitDirectory } from './unit-directory.ts';

/** Any constant that no other advisory lock of the api takes: devices are counted and added one after the other. */
const DEVICE_LOCK = 7_215_400_051;

/** Gives tokens to devices and takes them back. */
@Injectable()
export class DeviceService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: PositionDeviceStore,
    private readonly units: UnitDirectory,
    private readonly registry: DeviceRegistry,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Revoked ones too. @throws {RefusalError} `unit-unknown`. */
  async list(unitId: string): Promise<PositionDeviceView[]> {
    if (!(await this.units.byId(unitId))) throw unitUnknown();
    return (await this.store.ofUnit(unitId)).map((device) => this.viewOf(device));
  }

  /** The token is told here and never again. @throws {RefusalError} `unit-unknown`, `devices-full`. */
  async create(
    unitId: string,
    { name }: CreatePositionDeviceBody,
    by: SignedInUser,
  ): Promise<CreatedPositionDeviceView> {
    const token = newDeviceToken();
    const device: PositionDeviceEntity = {
      id: uuidV7(this.clock.nowMs()),
      unitId,
      name,
      tokenHash: deviceTokenHash(token),
      createdAt: new Date(this.clock.nowMs()),
      createdBy: by.accountId,
      revokedAt: null,
      revokedBy: null,
    };
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [DEVICE_LOCK]);
      if (!(await this.units.isActive(unitId, manager))) throw unitUnknown();
      if ((await this.store.countActive(unitId, manager)) >= POSITION_CAPS.devicesPerUnit)
        throw devicesFull(`at most ${POSITION_CAPS.devicesPerUnit} devices report for one unit`);
      if ((await this.store.countActive(undefined, manager)) >= MAX_DEVICES)
        throw devicesFull(`at most ${MAX_DEVICES} devices report`);
      await manager.insert(PositionDeviceEntity, device);
      await this.audit.record(
        {
          action: 'position-device:create',
          objectKind: 'position-device',
          objectId: device.id,
          outcome: 'done',
          details: { unitId, name },
        },
        by,
        manager,
      );
    });
    await this.registry.reload();
    return this.shownOnce(device, token);
  }

  /** A new token; the one before is refused from now on. @throws {RefusalError} `device-unknown`, `device-revoked`. */
  async rotate(unitId: string, id: string, by: SignedInUser): Promise<CreatedPositionDeviceView> {
    const token = newDeviceToken();
    const device = await this.dataSource.transaction(async (manager) => {
      const found = await this.store.lock(id, unitId, manager);
      if (!found) throw deviceUnknown();
      if (found.revokedAt !== null)
        throw new RefusalError(refusal('conflict', 'device-revoked', 'a device that was revoked gets no new token'));
      await manager.update(PositionDeviceEntity, { id }, { tokenHash: deviceTokenHash(token) });
      const details = { unitId, name: found.name };
      await this.audit.record(
        { action: 'position-device:rotate', objectKind: 'position-device', objectId: id, outcome: 'done', details },
        by,
        manager,
      );
      return found;
    });
    await this.registry.reload();
    return this.shownOnce(device, token);
  }

  private shownOnce(device: PositionDeviceEntity, token: string): CreatedPositionDeviceView {
    return {
      device: this.viewOf(device),
      token,
      osmAndPath: `/api/positions/osmand/${token}`,
      ownTracksPath: `/api/positions/owntracks/${token}`,
    };
  }

  /** A second time changes nothing. @throws {RefusalError} `device-unknown`. */
  async revoke(unitId: string, id: string, reason: string, by: SignedInUser): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const device = await this.store.lock(id, unitId, manager);
      if (!device) throw deviceUnknown();
      if (device.revokedAt !== null) return;
      const change = { revokedAt: new Date(this.clock.nowMs()), revokedBy: by.accountId };
      await manager.update(PositionDeviceEntity, { id }, change);
      await this.audit.record(
        {
          action: 'position-device:revoke',
          objectKind: 'position-device',
          objectId: id,
          outcome: 'done',
          details: { unitId, name: device.name, reason },
        },
        by,
        manager,
      );
    });
    await this.registry.reload();
  }

  private viewOf({ id, unitId, name, createdAt, revokedAt }: PositionDeviceEntity): PositionDeviceView {
    const tally = this.registry.tallyOf(id) ?? freshTally();
    return { id, unitId, name, createdAtMs: createdAt.getTime(), revokedAtMs: revokedAt?.getTime() ?? null, ...tally };
  }
}

function unitUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'unit-unknown', 'there is no such unit in service'));
}

function deviceUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'device-unknown', 'the unit has no such device'));
}

function devicesFull(rule: string): RefusalError {
  return new RefusalError(refusal('conflict', 'devices-full', rule));
}
