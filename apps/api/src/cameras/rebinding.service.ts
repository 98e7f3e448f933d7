import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ok, reasonOf, refusal, refused, type Logger, type Result } from '#libs/base';
import { webAddressText, type HeldUri } from '#libs/onvif';
import type { StreamRole } from '#libs/wire';
import { AuditService } from '../audit/audit.service.ts';
import { RefusalAuditService } from '../audit/refusal-audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { CameraStreamEntity } from './camera-stream.entity.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceAccess, type OpenDevice } from './device-access.ts';
import type { Sighting } from './device-finder.ts';

interface NewBinding {
  readonly opened: OpenDevice;
  readonly uris: readonly (HeldUri & { readonly role: StreamRole })[];
}

/**
 * Follows an adopted camera to a new address. An announcement alone moves nothing, anybody can send one: the old address
 * must have gone quiet, and the device at the new one must take the camera's login and be the same make and number.
 */
@Injectable()
export class RebindingService {
  private readonly busy = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly access: DeviceAccess,
    private readonly vault: CredentialVault,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    private readonly refusals: RefusalAuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Moves the camera when the sighting shows it elsewhere. Answers whether it moved. Never rejects. */
  async consider(camera: CameraEntity, sighting: Sighting): Promise<boolean> {
    const onvifUrl = webAddressText(sighting.address);
    if (onvifUrl === camera.onvifUrl || this.busy.has(camera.id)) return false;
    this.busy.add(camera.id);
    try {
      return await this.move(camera.id, onvifUrl);
    } catch (thrown) {
      this.logger.warn(
        { camera: camera.code, reason: reasonOf(thrown) },
        'a camera could not be followed to its new address',
      );
      return false;
    } finally {
      this.busy.delete(camera.id);
    }
  }

  private async move(id: string, onvifUrl: string): Promise<boolean> {
    const camera = await this.store.withCredential(id);
    if (!camera || camera.onvifUrl === onvifUrl) return false;
    if ((await this.access.open(camera.onvifUrl, undefined)).ok) return false;
    const binding = await this.bindingAt(camera, onvifUrl);
    if (!binding.ok) {
      const { code } = binding.refusal;
      const details = { camera: camera.code, from: camera.onvifUrl, to: onvifUrl };
      this.logger.warn({ ...details, code }, 'a camera was announced elsewhere and is not taken for the same');
      const what = { action: 'camera:rebind', objectKind: 'camera', objectId: id, outcome: 'refused' as const };
      await this.refusals.record({ ...what, code, details }, {});
      return false;
    }
    await this.write(camera, onvifUrl, binding.value);
    await this.publisher.publish(id);
    return true;
  }

  private async bindingAt(camera: CameraEntity, onvifUrl: string): Promise<Result<NewBinding>> {
    const login = this.vault.open(camera.credentialSealed, camera.id);
    if (!login) return refused(refusal('conflict', 'credential-unreadable', 'the stored login cannot be opened'));
    const opened = await this.access.open(onvifUrl, login);
    if (!opened.ok) return opened;
    const { device } = opened.value;
    const information = await device.information();
    if (!information.ok) return information;
    const { manufacturer, serialNumber } = information.value;
    if (manufacturer !== camera.manufacturer || serialNumber !== camera.serialNumber)
      return refused(refusal('conflict', 'another-device', 'the device there has another make or serial number'));
    const services = await device.services();
    if (!services.ok) return services;
    const profiles = await device.profiles();
    if (!profiles.ok) return profiles;
    const uris: (HeldUri & { role: StreamRole })[] = [];
    for (const { role, profileToken } of (await this.store.byId(camera.id))?.streams ?? []) {
      const held = await device.streamUri(profileToken);
      if (!held.ok) return held;
      uris.push({ ...held.value, role });
    }
    return ok({ opened: opened.value, uris });
  }

  private async write(camera: CameraEntity, onvifUrl: string, { opened, uris }: NewBinding): Promise<void> {
    const now = new Date(this.clock.nowMs());
    const { id, code } = camera;
    await this.dataSource.transaction(async (manager) => {
      const current = await this.store.lock(id, manager);
      if (!current) return;
      await manager.update(
        CameraEntity,
        { id },
        {
          onvifUrl,
          host: opened.address.host,
          clockErrorMs: opened.clock.errorMs,
          clockUncertaintyMs: opened.clock.uncertaintyMs,
          clockMeasuredAt: now,
          updatedAt: now,
        },
      );
      for (const { role, uri } of uris) await manager.update(CameraStreamEntity, { cameraId: id, role }, { uri });
      await this.store.notifyRelays(manager);
      const details = { camera: code, from: current.onvifUrl, to: onvifUrl };
      await this.audit.record(
        { action: 'camera:rebind', objectKind: 'camera', objectId: id, outcome: 'done', details },
        undefined,
        manager,
      );
    });
    this.logger.info(
      { camera: code, from: camera.host, to: opened.address.host },
      'a camera was found at a new address',
    );
  }
}
