import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { reasonOf, type Logger, type Timer } from '#libs/base';
import type { ShiftView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { shiftFor } from './shift-views.ts';
import { ShiftService } from './shift.service.ts';

/** A shift begins on the minute; the screens know within this time. */
const TICK_MS = 10_000;

/** Owner of the realtime topic `shifts`: the one that runs and the next. */
@Injectable()
export class ShiftPublisher implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private shown = new Map<string, string>();
  private looking = false;
  private again = false;
  private ticking: Timer | undefined;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly shifts: ShiftService,
    private readonly ledger: LedgerService,
    private readonly realtime: RealtimeService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.realtime.register(
      'shifts',
      () => this.shifts.current(),
      (view, { role }) => shiftFor(role, view),
    );
    this.stopListening = this.ledger.listen((entries) => {
      if (entries.some(({ kind }) => kind.startsWith('shift:'))) void this.look();
    });
  }

  onApplicationBootstrap(): void {
    void this.look();
    this.ticking = this.clock.every(TICK_MS, () => void this.look());
  }

  onModuleDestroy(): void {
    this.stopListening();
    this.ticking?.cancel();
  }

  /** Tells what is new and takes back what is over. One look at a time; a change meanwhile asks for one more. */
  async look(): Promise<void> {
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.again) {
        this.again = false;
        this.tell(await this.shifts.current());
      }
    } catch (thrown) {
      this.logger.warn({ reason: reasonOf(thrown) }, 'the shifts could not be read');
    } finally {
      this.looking = false;
    }
  }

  private tell(views: readonly ShiftView[]): void {
    const before = this.shown;
    this.shown = new Map(views.map((view) => [view.id, JSON.stringify(view)]));
    for (const id of before.keys()) if (!this.shown.has(id)) this.realtime.removed('shifts', id);
    for (const view of views)
      if (before.get(view.id) !== this.shown.get(view.id)) this.realtime.changed('shifts', view);
  }
}
