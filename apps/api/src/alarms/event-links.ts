import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ok, reasonOf, refusal, refused, sleep, type Logger, type Result } from '#libs/base';
import { signalOf } from '#libs/alarm';
import { onvifRefusal, type EventMessage, type EventsFace } from '#libs/onvif';
import type { AlarmRulesView, CameraView } from '#libs/wire';
import { CameraStore } from '../cameras/camera.store.ts';
import { CredentialVault } from '../cameras/credential-vault.ts';
import { DeviceAccess } from '../cameras/device-access.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService } from '../duty/duty.service.ts';
import { LOGGER } from '../logging.ts';
import { AlarmDesk } from './alarm-desk.service.ts';
import { AlarmRulesService } from './alarm-rules.service.ts';
import { EventLink } from './event-link.ts';
import { KnownCameras } from './known-cameras.ts';
import { OpeningTurns } from './opening-turns.ts';
import { TopicMemory } from './topic-memory.ts';

/** Cameras that are being logged in to at once. Those that are listened to only wait, and cost a socket each. */
const OPENING_AT_ONCE = 8;
const MAX_CLOSE_MS = 3_000;

/** A link to the own events of every camera that has any. */
@Injectable()
export class EventLinks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly links = new Map<string, EventLink>();
  private readonly running = new Set<Promise<void>>();
  private readonly turns = new OpeningTurns(OPENING_AT_ONCE);
  private readonly wasUp = new Map<string, boolean>();
  private closed = false;

  constructor(
    private readonly cameras: CameraStore,
    private readonly vault: CredentialVault,
    private readonly access: DeviceAccess,
    private readonly known: KnownCameras,
    private readonly rules: AlarmRulesService,
    private readonly topics: TopicMemory,
    private readonly desk: AlarmDesk,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.known.listen({ changed: (camera) => this.follow(camera), removed: (id) => this.drop(id) });
    this.duty.listen({
      began: () => {
        for (const camera of this.known.all()) this.follow(camera);
      },
      ended: () => {
        for (const id of this.links.keys()) this.drop(id);
      },
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    for (const link of this.links.values()) link.end();
    await Promise.race([Promise.all(this.running), sleep(this.clock, MAX_CLOSE_MS)]);
  }

  viewOf(cameraId: string): AlarmRulesView['link'] {
    const none = { state: 'none', sinceMs: this.clock.nowMs(), code: null, messages: 0, dropped: 0 } as const;
    return this.links.get(cameraId)?.view() ?? none;
  }

  private follow({ id, health }: CameraView): void {
    const isUp = health.state === 'online' || health.state === 'degraded';
    const cameBack = isUp && this.wasUp.get(id) === false;
    this.wasUp.set(id, isUp);
    if (this.closed || this.duty.isElsewhere) return;
    const link = this.links.get(id);
    if (link) {
      if (cameBack) link.nudge();
      return;
    }
    this.begin(id);
  }

  private begin(cameraId: string): void {
    const { clock, logger } = this;
    const link = new EventLink(cameraId, {
      clock,
      logger,
      open: (id, signal) => this.turns.run(() => this.open(id, signal), signal),
      hear: (id, message) => this.hear(id, message),
      lose: (id) => this.desk.lose(id, 'source-lost', 'onvif'),
    });
    this.links.set(cameraId, link);
    const run = link.run().finally(() => this.running.delete(run));
    this.running.add(run);
  }

  private drop(cameraId: string): void {
    this.links.get(cameraId)?.end();
    this.links.delete(cameraId);
    this.wasUp.delete(cameraId);
    this.topics.forget(cameraId);
  }

  private async open(cameraId: string, signal: AbortSignal): Promise<Result<EventsFace>> {
    try {
      return await this.openNow(cameraId, signal);
    } catch (thrown) {
      return refused(refusal('unavailable', 'internal', reasonOf(thrown)));
    }
  }

  private async openNow(cameraId: string, signal: AbortSignal): Promise<Result<EventsFace>> {
    if (signal.aborted) return refused(refusal('unavailable', 'event-link-ended', 'the centre stops listening'));
    const camera = await this.cameras.withCredential(cameraId);
    if (!camera?.hasEvents) return refused(onvifRefusal('onvif-not-supported', 'the camera tells no events'));
    const login = this.vault.open(camera.credentialSealed, cameraId);
    if (!login) return refused(refusal('conflict', 'credential-unreadable', 'the stored login cannot be opened'));
    const opened = await this.access.open(camera.onvifUrl, login);
    if (!opened.ok) return opened;
    const services = await opened.value.device.services();
    if (!services.ok) return services;
    if (!services.value.hasEvents) return refused(onvifRefusal('onvif-not-supported', 'the camera tells no events'));
    return ok(opened.value.device.events);
  }

  private hear(cameraId: string, message: EventMessage): void {
    this.topics.note(cameraId, message);
    const meaning = this.rules.meaningOf(cameraId, message.topic);
    if (meaning !== undefined && meaning !== 'ignored') this.desk.take(signalOf(cameraId, meaning, message));
  }
}
