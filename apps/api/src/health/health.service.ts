import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { ReadinessView, SystemView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { DeviceRegistry } from '../positions/device-registry.ts';
import { PositionMeter } from '../positions/position-meter.ts';
import { PositionsService } from '../positions/positions.service.ts';
import { TrackWriter } from '../positions/track-writer.ts';
import { RealtimeGateway } from '../realtime/realtime.gateway.ts';
import { VERSION } from '../version.ts';
import { HealthStore, type RelayRow } from './health.store.ts';

/** A relay beats each second; one that was silent for five is taken for gone. */
const RELAY_SILENT_MS = 5_000;
const MB = 1_048_576;

/** How the system is. Every part is asked by itself: one that fails never hides the others. */
@Injectable()
export class HealthService {
  private readonly startedAtMs: number;

  constructor(
    private readonly store: HealthStore,
    private readonly gateway: RealtimeGateway,
    private readonly ledger: LedgerService,
    private readonly meter: PositionMeter,
    private readonly writer: TrackWriter,
    private readonly devices: DeviceRegistry,
    private readonly positions: PositionsService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {
    this.startedAtMs = clock.nowMs();
  }

  async readiness(): Promise<ReadinessView> {
    const [database, migrations, relay] = await Promise.all([
      this.store.ping().then(
        () => true,
        () => false,
      ),
      this.store.migrationsComplete().catch(() => false),
      this.store.relays().then(
        (relays) => relays.some(isAlive),
        () => false,
      ),
    ]);
    const serves = database && migrations;
    return { status: serves ? (relay ? 'ready' : 'degraded') : 'unavailable', checks: { database, migrations, relay } };
  }

  async system(): Promise<SystemView> {
    const [database, relays, disk] = await Promise.all([
      this.database().catch(() => null),
      this.store.relays().catch(() => []),
      this.disk().catch(() => null),
    ]);
    return {
      api: {
        version: VERSION,
        nodeVersion: process.version,
        startedAtMs: this.startedAtMs,
        memoryMb: Math.round(process.memoryUsage.rss() / MB),
        openSockets: this.gateway.openSockets,
      },
      database,
      relays: relays.map((relay) => ({
        id: relay.id,
        version: relay.version,
        startedAtMs: relay.startedAt.getTime(),
        heartbeatAgeMs: Math.max(0, Math.round(relay.heartbeatAgeMs)),
        alive: isAlive(relay),
        ffmpeg: relay.ffmpeg,
      })),
      positions: this.positionsView(),
      ledger: { head: this.ledger.seq, writesHere: this.ledger.writesHere, ...this.ledger.figures },
      disk,
      serverNowMs: this.clock.nowMs(),
    };
  }

  private positionsView(): SystemView['positions'] {
    const units = { fresh: 0, stale: 0, lost: 0 };
    for (const { position } of this.positions.live()) units[position.age]++;
    const { outcomes, storing } = this.meter;
    const { size: devices } = this.devices;
    return { devices, outcomes: Object.fromEntries(outcomes), waiting: this.writer.queued, storing, units };
  }

  private async database(): Promise<NonNullable<SystemView['database']>> {
    const beganMs = this.clock.monotonicMs();
    await this.store.ping();
    const latencyMs = Math.round((this.clock.monotonicMs() - beganMs) * 10) / 10;
    const { version, sizeMb } = await this.store.database();
    return { latencyMs, version, sizeMb: Math.round(sizeMb) };
  }

  private async disk(): Promise<NonNullable<SystemView['disk']>> {
    const { bsize, bavail, blocks } = await statfs(this.config.dataFolder);
    return { freeMb: Math.round((bavail * bsize) / MB), totalMb: Math.round((blocks * bsize) / MB) };
  }
}

function isAlive(relay: RelayRow): boolean {
  return relay.heartbeatAgeMs < RELAY_SILENT_MS;
}
