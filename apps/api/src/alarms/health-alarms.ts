import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Timer } from '#libs/base';
import type { CameraHealth, CameraView } from '#libs/wire';
import { CameraHealthReader } from '../cameras/camera-health-reader.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService } from '../duty/duty.service.ts';
import { AlarmDesk } from './alarm-desk.service.ts';
import { AlarmRulesService } from './alarm-rules.service.ts';
import { KnownCameras } from './known-cameras.ts';

const LOOK_EVERY_MS = 1_000;

/** Reasons for which the fault is the centre's own: one silent relay is not three hundred cameras that went away. */
const NOT_THE_CAMERAS: ReadonlySet<string> = new Set(['relay-silent', 'relay-stopped', 'waiting-for-relay']);

/** Makes alarms of what the relays say: a camera that gives no picture, and activity in one that does. */
@Injectable()
export class HealthAlarms implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Since when each camera is seen away, by the clock that only goes forward. */
  private readonly awaySinceMs = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(
    private readonly health: CameraHealthReader,
    private readonly known: KnownCameras,
    private readonly rules: AlarmRulesService,
    private readonly desk: AlarmDesk,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.known.listen({
      changed: (camera) => this.look(camera),
      removed: (id) => this.awaySinceMs.delete(id),
    });
    this.timer = this.clock.every(LOOK_EVERY_MS, () => {
      for (const camera of this.known.all()) this.look(camera);
    });
  }

  beforeApplicationShutdown(): void {
    this.timer?.cancel();
  }

  private look({ id }: CameraView): void {
    if (this.duty.isElsewhere || !this.health.board.isKnown(id)) return;
    const health = this.health.board.healthOf(id, 0);
    if (health.reason && NOT_THE_CAMERAS.has(health.reason.code)) {
      this.awaySinceMs.delete(id);
      return;
    }
    this.lookForPicture(id, health);
    this.lookForActivity(id, health);
  }

  private lookForPicture(cameraId: string, { state, reason }: CameraHealth): void {
    const signal = { cameraId, kind: 'camera-offline', source: 'relay', origin: 'camera-offline' } as const;
    // A camera at rest was asked, and answered.
    if (state === 'online' || state === 'degraded' || state === 'standby') {
      this.awaySinceMs.delete(cameraId);
      if (this.desk.isOpen(cameraId, 'camera-offline')) this.desk.take({ ...signal, phase: 'ended', detail: '' });
      return;
    }
    if (state !== 'offline' || this.desk.isOpen(cameraId, 'camera-offline')) return;
    const nowMs = this.clock.monotonicMs();
    const sinceMs = this.awaySinceMs.get(cameraId) ?? nowMs;
    this.awaySinceMs.set(cameraId, sinceMs);
    if (nowMs - sinceMs >= this.rules.current.offlineAfterS * 1_000)
      this.desk.take({ ...signal, phase: 'began', detail: reason?.code ?? '' });
  }

  private lookForActivity(cameraId: string, { activity, state }: CameraHealth): void {
    const isOpen = this.desk.isOpen(cameraId, 'activity');
    const isActive = activity?.state === 'active' && state !== 'offline';
    const signal = { cameraId, kind: 'activity', source: 'activity', origin: 'activity' } as const;
    if (isActive && !isOpen) this.desk.take({ ...signal, phase: 'began', detail: '' });
    if (isActive || !isOpen) return;
    if (activity === null || state === 'offline') this.desk.lose(cameraId, 'source-lost', 'activity');
    else this.desk.take({ ...signal, phase: 'ended', detail: '' });
  }
}
