import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Login } from '#libs/onvif';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { cameraPushed, cameraUnknown, outcomeOf, valueOrThrow } from './camera-refusals.ts';
import { CameraEntity, isPushed } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceAccess } from './device-access.ts';
import { DeviceLoginLimit } from './device-login-limit.ts';

/** Logins that were changed on the device. */
@Injectable()
export class CameraCredentialService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly access: DeviceAccess,
    private readonly logins: DeviceLoginLimit,
    private readonly vault: CredentialVault,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The new login is tried first, so that no wrong one is kept.
   * @throws {RefusalError} `camera-unknown`, `camera-pushed`, `address-not-allowed`, `too-many-device-logins`, or an `OnvifCode`.
   */
  async change(id: string, login: Login, by: SignedInUser): Promise<void> {
    const found = await this.store.byId(id);
    if (!found) throw cameraUnknown();
    if (isPushed(found.camera)) throw cameraPushed();
    const what = {
      action: 'camera:credential',
      objectKind: 'camera',
      objectId: id,
      details: { camera: found.camera.code },
    };
    const { host, onvifUrl } = found.camera;
    const tried = await this.logins.attempt(host, async () => {
      const opened = await this.access.open(onvifUrl, login);
      return opened.ok ? opened.value.device.information() : opened;
    });
    if (!tried.ok) await this.audit.record({ ...what, ...outcomeOf(tried) }, by);
    valueOrThrow(tried);
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.store.lock(id, manager))) throw cameraUnknown();
      const updatedAt = new Date(this.clock.nowMs());
      await manager.update(CameraEntity, { id }, { credentialSealed: this.vault.seal(login, id), updatedAt });
      await this.store.notifyRelays(manager);
      await this.audit.record({ ...what, outcome: 'done' }, by, manager);
    });
  }
}
