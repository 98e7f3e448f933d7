import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { reasonOf, sleep, type Logger, type Timer } from '#libs/base';
import { isInRing } from '#libs/geo';
import type { LedgerEvent } from '#libs/ledger';
import { attendancesOf, figureOf, referralsOf, type IncidentFigure } from '#libs/report';
import { CLOCK, type Clock } from '../clock.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { LOGGER } from '../logging.ts';
import { SectorStore } from '../sectors/sector.store.ts';
import { FigureStore } from './figure.store.ts';

/** Name of the cursor, for ever. */
const CURSOR = 'report-figures';
/** Between two looks when nobody asks for a report: the work is little then, and off the way of commands. */
const LOOK_EVERY_MS = 30_000;
const BATCH_EVENTS = 500;
/** A report waits so long for the latest events; with a long ledger to count for the first time it says how far it is. */
const MAX_WAIT_MS = 1_500;

/** How far the numbers are. */
export interface Counted {
  /** Number of the last event of the ledger that was counted. */
  readonly throughSeq: number;
  /** There was more than could be counted in time. */
  readonly behind: boolean;
}

/**
 * A reader of the ledger that keeps the numbers of incidents for reports, after the commands and out of their way: nothing is
 * written when an incident changes, and each report first counts what has happened since.
 */
@Injectable()
export class FigureKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private timer: Timer | undefined;
  private throughSeq = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: LedgerStore,
    private readonly figures: FigureStore,
    private readonly sectors: SectorStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => {
      this.catchUp().catch((thrown: unknown) => {
        this.logger.warn({ reason: reasonOf(thrown) }, 'incidents cannot be counted for reports, tries again');
      });
    };
    this.timer = this.clock.every(LOOK_EVERY_MS, look);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    this.stopping.abort();
    await Promise.allSettled([this.running, this.next]);
  }

  /** Counts what is committed now, as far as that is done in time. Rejects when the database does. */
  async current(): Promise<Counted> {
    const done = this.catchUp().then(() => true);
    const inTime = await Promise.race([done, sleep(this.clock, MAX_WAIT_MS, this.stopping.signal).then(() => false)]);
    // It goes on by itself; what fails later is told by the next look.
    if (!inTime) done.catch(() => undefined);
    return { throughSeq: this.throughSeq, behind: !inTime };
  }

  /** Every event that is committed when this is called is counted when it resolves. */
  catchUp(): Promise<void> {
    if (!this.running) return this.begin();
    // The walk that is under way may be past what the caller has in mind: one after it serves all who wait.
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  private begin(): Promise<void> {
    this.running = this.walk().finally(() => (this.running = undefined));
    return this.running;
  }

  private async walk(): Promise<void> {
    while (!this.stopping.signal.aborted && (await this.countBatch()) === BATCH_EVENTS);
  }

  private countBatch(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const after = await this.ledger.lockCursor(CURSOR, manager);
      const events = await this.ledger.eventsAfter(after, BATCH_EVENTS, manager);
      const last = events.at(-1);
      this.throughSeq = last?.seq ?? after;
      if (!last) return 0;
      await this.count(incidentsOf(events), manager);
      await this.ledger.moveCursor(CURSOR, last.seq, new Date(this.clock.nowMs()), manager);
      return events.length;
    });
  }

  private async count(incidentIds: readonly string[], manager: EntityManager): Promise<void> {
    if (incidentIds.length === 0) return;
    const incidents = await this.figures.incidents(incidentIds, manager);
    const placed = await this.placing(manager);
    await this.figures.replace(
      {
        incidents: incidents.map((incident) => placed(figureOf(incident))),
        referrals: incidents.flatMap(referralsOf),
        attendances: incidents.flatMap(attendancesOf),
      },
      manager,
    );
  }

  /** Who marks a point on the map tells no sector: it is the one in which the point lies when it is counted. */
  private async placing(manager: EntityManager): Promise<(figure: IncidentFigure) => IncidentFigure> {
    const patrolled = (await this.sectors.all(manager)).filter(({ kind }) => kind === 'patrol');
    return (figure) => {
      const { latitudeDeg, longitudeDeg } = figure;
      if (figure.sectorId !== null || latitudeDeg === null || longitudeDeg === null) return figure;
      const around = patrolled.find(({ polygon }) => isInRing({ latitudeDeg, longitudeDeg }, polygon));
      return around ? { ...figure, sectorId: around.id } : figure;
    };
  }
}

/** Incidents that events change: their own, and the survivor of a merge. */
function incidentsOf(events: readonly LedgerEvent[]): string[] {
  const ids = new Set<string>();
  for (const { subject, payload } of events) {
    if (subject.type !== 'incident') continue;
    ids.add(subject.id);
    const survivorId = (payload as Readonly<Record<string, unknown>>)['survivorId'];
    if (typeof survivorId === 'string') ids.add(survivorId);
  }
  return [...ids];
}
