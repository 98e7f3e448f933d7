import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Fix } from '#libs/avl';
import { ErrorCounter, RefusalError, reasonOf, type Logger, type Timer } from '#libs/base';
import { DEFAULT_STRAY_BOUNDS, type Unit } from '#libs/dispatch';
import type { GeoPoint } from '#libs/geo';
import { CLOCK, type Clock } from '../clock.ts';
import { DispatchService } from '../dispatch/dispatch.service.ts';
import { LiveBoard } from '../dispatch/live-board.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { LOGGER } from '../logging.ts';
import { PositionsService } from '../positions/positions.service.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { SectorStore } from '../sectors/sector.store.ts';
import { StrayBoard } from './stray-board.ts';
import { WatchedAreas } from './watched-areas.ts';

const TICK_MS = 1_000;
/** A town in which more go astray at once has another problem; the rest is written a second later. */
const MAX_FINDINGS = 50;
/** Outlines are read when they change here; this is for a change that another process of the api made. */
const RELOAD_MS = 60_000;

/**
 * Writes into the ledger which units are where they have no business, and that it is over; alarms follow from there. Every
 * process of the api watches, since each knows all positions; the one that writes the ledger writes. What could not be
 * written is found again a second later.
 */
@Injectable()
export class StrayWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly strays = new StrayBoard(DEFAULT_STRAY_BOUNDS);
  private readonly timers: Timer[] = [];
  private readonly problems: ErrorCounter;
  private unlisten: () => void = () => undefined;
  private watching = false;
  private running = false;

  constructor(
    private readonly positions: PositionsService,
    private readonly board: LiveBoard,
    private readonly dispatch: DispatchService,
    private readonly ledger: LedgerService,
    private readonly sectors: SectorStore,
    private readonly realtime: RealtimeService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.problems = new ErrorCounter(clock, (count, last) =>
      logger.warn({ count, reason: last }, 'units out of place could not be told'),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.positions.onMoved((unitId, fix) => this.take(unitId, fix));
    this.unlisten = this.realtime.listen(({ topic }) => topic === 'sectors' && void this.readAreas());
    await this.readAreas();
    this.timers.push(
      this.clock.every(RELOAD_MS, () => void this.readAreas()),
      this.clock.every(TICK_MS, () => void this.look()),
    );
  }

  onModuleDestroy(): void {
    this.unlisten();
    for (const timer of this.timers) timer.cancel();
  }

  /** Writes what was found since. Never rejects; one at a time. */
  async look(): Promise<void> {
    if (this.running || !this.watching || !this.ledger.writesHere) return;
    this.running = true;
    try {
      for (const finding of this.findings().slice(0, MAX_FINDINGS)) await this.dispatch.runForCentre(finding);
    } catch (thrown) {
      this.problems.add(thrown instanceof RefusalError ? thrown.refusal.code : reasonOf(thrown));
    } finally {
      this.running = false;
    }
  }

  private findings() {
    const nowMs = this.clock.nowMs();
    const known = new Set(this.strays.unitIds);
    for (const { id, strays } of this.board.units.values())
      if (strays !== undefined && strays.length > 0) known.add(id);
    return [...known].flatMap((id) => {
      const unit = this.board.units.get(id);
      if (unit) return this.strays.findings(unit, nowMs);
      this.strays.forget(id);
      return [];
    });
  }

  private take(unitId: string, fix: Fix): void {
    const unit = this.board.units.get(unitId);
    if (unit) this.strays.take(unit, fix, this.destinationOf(unit));
  }

  private destinationOf({ state }: Unit): GeoPoint | null {
    if (state.kind === 'free') return null;
    return this.board.incidents.get(state.incidentId)?.incident.place?.point ?? null;
  }

  /** Until the areas are known nothing is found, and nothing ends. */
  private async readAreas(): Promise<void> {
    try {
      this.strays.watch(new WatchedAreas(await this.sectors.all()));
      this.watching = true;
    } catch (thrown) {
      this.problems.add(reasonOf(thrown));
    }
  }
}
