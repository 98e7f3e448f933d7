import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';
import type { DispatchRules, Unit } from '#libs/dispatch';
import type { UnitView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { LiveBoard } from '../dispatch/live-board.ts';
import { UnitSight } from '../dispatch/unit-sight.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { UnitPositions } from './unit-positions.ts';
import { unitViewOf } from './unit-views.ts';

/** Owner of the realtime topic `units`: those that are not retired. Where they go is told by `positions:moved`. */
@Injectable()
export class UnitPublisher implements OnModuleInit {
  constructor(
    private readonly board: LiveBoard,
    private readonly positions: UnitPositions,
    private readonly sight: UnitSight,
    private readonly realtime: RealtimeService,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.realtime.register(
      'units',
      () => this.viewsOf([...this.board.units.values()]),
      (unit, reader) => this.sight.unitFor(reader, unit),
    );
    this.board.onNews(({ unitIds }) => {
      for (const id of unitIds) void this.publish(id);
    });
  }

  /** Also when its position became known for the first time, or its state changed outside the ledger. */
  async publish(id: string): Promise<void> {
    try {
      await this.realtime.refresh('units', id, () => this.read(id));
    } catch (thrown) {
      this.logger.warn({ unitId: id, reason: reasonOf(thrown) }, 'a unit could not be shown');
    }
  }

  /** As nobody in particular sees them; {@link UnitSight} comes before a reader. */
  async viewsOf(units: readonly Unit[]): Promise<UnitView[]> {
    const positions = await this.positions.lastOf(units.map(({ id }) => id));
    const nowMs = this.clock.nowMs();
    return units.map((unit) => unitViewOf(unit, positions.get(unit.id), nowMs, this.rules));
  }

  private async read(id: string): Promise<UnitView | undefined> {
    const unit = this.board.units.get(id);
    return unit && (await this.viewsOf([unit]))[0];
  }
}
