import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ok, refused, sleep, type Logger, type Result } from '#libs/base';
import type { PtzPreset } from '#libs/wire';
import { cameraUnknown } from '../cameras/camera-refusals.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import { CameraStore } from '../cameras/camera.store.ts';
import { CredentialVault } from '../cameras/credential-vault.ts';
import { DeviceAccess } from '../cameras/device-access.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService, dutyElsewhere } from '../duty/duty.service.ts';
import { LOGGER } from '../logging.ts';
import { PtzHead } from './ptz-head.ts';
import { noPtz } from './ptz-refusals.ts';

/** A camera that does not answer holds up no restart; it ends the move by itself (see `PtzHead`). */
const MAX_CLOSE_MS = 3_000;

/** A camera that can be steered, and its head. */
export interface Steerable {
  readonly camera: CameraEntity;
  readonly head: PtzHead;
}

/** The heads of the cameras, and the presets that they last listed. */
@Injectable()
export class PtzHeads implements BeforeApplicationShutdown {
  private readonly heads = new Map<string, PtzHead>();
  private readonly presets = new Map<string, readonly PtzPreset[]>();

  constructor(
    private readonly cameras: CameraStore,
    private readonly vault: CredentialVault,
    private readonly access: DeviceAccess,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Nothing is left turning. */
  async beforeApplicationShutdown(): Promise<void> {
    const closed = Promise.all([...this.heads.values()].map((head) => head.close()));
    await Promise.race([closed, sleep(this.clock, MAX_CLOSE_MS)]);
  }

  /** Refusals: `camera-unknown`, `ptz-none`, `duty-elsewhere`. */
  async of(cameraId: string): Promise<Result<Steerable>> {
    if (!this.duty.isOn) return refused(dutyElsewhere());
    const camera = await this.cameras.withCredential(cameraId);
    if (!camera) return refused(cameraUnknown().refusal);
    if (!camera.hasPtz) return refused(noPtz());
    const known = this.heads.get(cameraId);
    if (known) return ok({ camera, head: known.renew(camera) });
    const main = (await this.cameras.byId(cameraId))?.streams.find(({ role }) => role === 'main');
    const { access, vault, clock, logger } = this;
    // Another request may have made it meanwhile.
    const head = this.heads.get(cameraId) ?? new PtzHead(camera, main?.profileToken, { access, vault, clock, logger });
    this.heads.set(cameraId, head);
    return ok({ camera, head });
  }

  /** Leaves nothing of a camera's moves going on. */
  async stopMoving(cameraId: string): Promise<void> {
    const head = this.heads.get(cameraId);
    if (head?.isMoving) await head.stop();
  }

  presetsOf(cameraId: string): readonly PtzPreset[] | null {
    return this.presets.get(cameraId) ?? null;
  }

  /** Asks the camera. Refusals: those of {@link PtzHead}. */
  async askPresets(cameraId: string, head: PtzHead): Promise<Result<readonly PtzPreset[]>> {
    const listed = await head.presets();
    if (listed.ok) this.presets.set(cameraId, listed.value);
    return listed;
  }

  /** Another api steers from now on: nothing of ours goes on. */
  forgetAll(): void {
    for (const id of this.heads.keys()) this.forget(id);
  }

  forget(cameraId: string): void {
    void this.heads.get(cameraId)?.close();
    this.heads.delete(cameraId);
    this.presets.delete(cameraId);
  }
}
