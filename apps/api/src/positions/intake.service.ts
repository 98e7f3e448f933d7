import { Inject, Injectable } from '@nestjs/common';
import type { Fix } from '#libs/avl';
import { RefusalError, refusal } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { DeviceRegistry, type KnownDevice } from './device-registry.ts';
import { PositionMeter } from './position-meter.ts';
import { PositionsService, type TakenReport } from './positions.service.ts';
import { UnitDirectory } from './unit-directory.ts';

/** Takes reports to the board, and keeps count for each device. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly positions: PositionsService,
    private readonly registry: DeviceRegistry,
    private readonly units: UnitDirectory,
    private readonly meter: PositionMeter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  nowMs(): number {
    return this.clock.nowMs();
  }

  /** @throws {RefusalError} `too-many-reports`, `positions-busy`. */
  async takeFromDevice(device: KnownDevice, fixes: readonly Fix[]): Promise<void> {
    this.registry.spend(device.fixes, fixes.length);
    const { id: deviceId, unitId, tally } = device;
    tally.lastReportAtMs = this.clock.nowMs();
    tally.batteryShare = fixes.at(-1)?.batteryShare ?? tally.batteryShare;
    const { taken, refused } = await this.positions.take({ unitId, deviceId }, fixes);
    tally.taken += taken;
    for (const [code, count] of refused) this.countRefusal(device, code, count);
  }

  /** A report that was not understood, so that no position of it was judged. */
  countUnread(device: KnownDevice, code: string): void {
    this.meter.count(code);
    this.countRefusal(device, code, 1);
  }

  private countRefusal({ tally }: KnownDevice, code: string, count: number): void {
    tally.refused += count;
    tally.refusedBy[code] = (tally.refusedBy[code] ?? 0) + count;
    tally.lastRefusal = { code, atMs: this.clock.nowMs() };
  }

  /** A crew's own tablet, for the unit in which it is on duty. @throws {RefusalError} `no-own-unit`, `positions-busy`. */
  async takeFromCrew(accountId: string, fixes: readonly Fix[]): Promise<TakenReport> {
    const unitId = await this.units.ofCrew(accountId);
    if (unitId === undefined)
      throw new RefusalError(refusal('conflict', 'no-own-unit', 'this account is in the crew of no unit on duty'));
    return this.positions.take({ unitId, deviceId: null }, fixes);
  }
}
