import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RefusalError, reasonOf, refusal, type Logger } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { deviceTokenHash, isDeviceToken } from './device-token.ts';
import { PositionMeter } from './position-meter.ts';
import { PositionDeviceStore, type ActiveDevice } from './position-device.store.ts';
import { ReportBudget } from './report-budget.ts';

/** Devices that may report in one installation. */
export const MAX_DEVICES = 5_000;
/** So long at most a device is believed that another process of the api revoked. */
const RELOAD_MS = 10_000;
/** One report a second, and bursts of those that were buffered without coverage. */
const REPORTS_PER_MINUTE = 600;
/** A day of one fix each ten seconds arrives within three minutes. */
const FIXES_PER_MINUTE = 3_000;
const MINUTE_MS = 60_000;

/** What a device did since the api started. */
export interface DeviceTally {
  lastReportAtMs: number | null;
  batteryShare: number | null;
  taken: number;
  refused: number;
  /** Codes are of our own making and few. */
  readonly refusedBy: Record<string, number>;
  lastRefusal: { readonly code: string; readonly atMs: number } | null;
}

/** A device that was recognised by its token. */
export interface KnownDevice {
  readonly id: string;
  readonly unitId: string;
  readonly tally: DeviceTally;
  readonly reports: ReportBudget;
  readonly fixes: ReportBudget;
}

/** Who may report, in memory: positions come thousands a second and ask no database who they are from. */
@Injectable()
export class DeviceRegistry implements OnApplicationBootstrap, OnModuleDestroy {
  private byToken = new Map<string, KnownDevice>();
  private byId = new Map<string, KnownDevice>();
  private readonly timer;
  private loading: Promise<void> = Promise.resolve();
  private queued: Promise<void> | undefined;

  constructor(
    private readonly store: PositionDeviceStore,
    private readonly meter: PositionMeter,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.timer = clock.every(RELOAD_MS, () => void this.reload().catch((thrown: unknown) => this.tell(thrown)));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reload();
  }

  onModuleDestroy(): void {
    this.timer.cancel();
  }

  /** Reads who may report now. The read begins after the call, so a change that was committed before is in it. */
  reload(): Promise<void> {
    const begin = (): Promise<void> => {
      this.queued = undefined;
      this.loading = this.load();
      return this.loading;
    };
    // Those who ask while one runs share the next.
    this.queued ??= this.loading.then(begin, begin);
    return this.queued;
  }

  /** @throws {RefusalError} `device-token-unknown`, `too-many-reports`. */
  demand(token: string | undefined): KnownDevice {
    const device =
      token !== undefined && isDeviceToken(token) ? this.byToken.get(keyOf(deviceTokenHash(token))) : undefined;
    if (!device) this.meter.count('device-token-unknown');
    if (!device)
      throw new RefusalError(refusal('not-signed-in', 'device-token-unknown', 'no device reports with this token'));
    this.spend(device.reports, 1);
    return device;
  }

  /** @throws {RefusalError} `too-many-reports`. */
  spend(budget: ReportBudget, count: number): void {
    const waitMs = budget.take(count, this.clock.monotonicMs());
    if (waitMs === 0) return;
    this.meter.count('too-many-reports');
    const retryAfterS = Math.ceil(waitMs / 1_000);
    throw new RefusalError(
      refusal('too-many', 'too-many-reports', `too many positions: try again in ${retryAfterS} s`, { retryAfterS }),
    );
  }

  /** Devices that may report now. */
  get size(): number {
    return this.byId.size;
  }

  tallyOf(deviceId: string): DeviceTally | undefined {
    return this.byId.get(deviceId)?.tally;
  }

  private async load(): Promise<void> {
    const active = await this.store.active(MAX_DEVICES);
    const byToken = new Map<string, KnownDevice>();
    const byId = new Map<string, KnownDevice>();
    for (const device of active) {
      const known = this.byId.get(device.id) ?? this.fresh(device);
      byToken.set(keyOf(device.tokenHash), known);
      byId.set(device.id, known);
    }
    this.byToken = byToken;
    this.byId = byId;
  }

  private fresh({ id, unitId }: ActiveDevice): KnownDevice {
    const nowMs = this.clock.monotonicMs();
    return {
      id,
      unitId,
      tally: freshTally(),
      reports: new ReportBudget(REPORTS_PER_MINUTE, MINUTE_MS, nowMs),
      fixes: new ReportBudget(FIXES_PER_MINUTE, MINUTE_MS, nowMs),
    };
  }

  private tell(thrown: unknown): void {
    this.logger.warn({ reason: reasonOf(thrown) }, 'devices could not be read: those known before are believed');
  }
}

/** Of a device that was not heard of since the api started. */
export function freshTally(): DeviceTally {
  return { lastReportAtMs: null, batteryShare: null, taken: 0, refused: 0, refusedBy: {}, lastRefusal: null };
}

function keyOf(tokenHash: Buffer): string {
  return tokenHash.toString('base64');
}
