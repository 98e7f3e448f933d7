import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { reasonOf, sleep, type Logger } from '#libs/base';
import { isLive, namedBy, type Unit } from '#libs/dispatch';
import type { LedgerEvent } from '#libs/ledger';
import { CLOCK, type Clock } from '../clock.ts';
import type { IncidentSource } from '../incidents/incident-source.ts';
import { IncidentStore } from '../incidents/incident.store.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { LOGGER } from '../logging.ts';
import { UnitStore } from '../units/unit.store.ts';
import { dispatchEventOf } from './dispatch-kinds.ts';

/** Rows read at once. */
const BATCH = 500;
const RETRY_MS = 500;

/** Ids of what is as it was not before. What is over or retired is on the board no more. */
export interface BoardNews {
  readonly incidentIds: readonly string[];
  readonly unitIds: readonly string[];
}

/**
 * Incidents that are live and units that are not retired, in memory, as committed last: topics and alarms are read from
 * here. It listens to the ledger before it reads the rows, so it misses nothing, whichever process wrote; after a restart
 * it is read anew.
 */
@Injectable()
export class LiveBoard implements OnModuleInit, OnModuleDestroy {
  readonly incidents = new Map<string, IncidentSource>();
  readonly units = new Map<string, Unit>();
  private readonly changedIncidents = new Set<string>();
  private readonly changedUnits = new Set<string>();
  private readonly listeners = new Set<(news: BoardNews) => void>();
  private readonly stopping = new AbortController();
  private stopListening: () => void = () => undefined;
  private reading = false;

  constructor(
    private readonly ledger: LedgerService,
    private readonly incidentStore: IncidentStore,
    private readonly unitStore: UnitStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    this.stopListening = this.ledger.listen((entries) => this.hear(entries));
    await this.load();
  }

  /** Reads all of it. What changes meanwhile is marked, and read once more after it. */
  async load(): Promise<void> {
    this.reading = true;
    try {
      const [incidents, units] = await Promise.all([
        this.incidentStore.live(this.clock.nowMs()),
        this.unitStore.active(),
      ]);
      for (const source of incidents) this.incidents.set(source.incident.id, source);
      for (const unit of units) this.units.set(unit.id, unit);
    } finally {
      this.reading = false;
    }
    void this.read();
  }

  onModuleDestroy(): void {
    this.stopListening();
    this.stopping.abort();
  }

  /** Must not throw and must not wait. */
  onNews(listener: (news: BoardNews) => void): void {
    this.listeners.add(listener);
  }

  /** Reads these once more though the ledger tells nothing of them: a reason to see them has expired. */
  refresh(incidentIds: readonly string[]): void {
    for (const id of incidentIds) this.changedIncidents.add(id);
    if (this.changedIncidents.size > 0) void this.read();
  }

  private hear(entries: readonly LedgerEvent[]): void {
    for (const entry of entries) {
      const event = dispatchEventOf(entry);
      if (!event) continue;
      const { incidentIds, unitIds } = namedBy(event);
      for (const id of incidentIds) this.changedIncidents.add(id);
      for (const id of unitIds) this.touchUnit(id);
    }
    if (this.changedIncidents.size + this.changedUnits.size > 0) void this.read();
  }

  /** An incident shows the call signs of its units. */
  private touchUnit(id: string): void {
    this.changedUnits.add(id);
    const state = this.units.get(id)?.state;
    if (state?.kind === 'assigned') this.changedIncidents.add(state.incidentId);
  }

  /** One read at a time, so that the last one shows the last commit. */
  private async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.changedIncidents.size + this.changedUnits.size > 0 && !this.stopping.signal.aborted) {
        // What comes together is read together.
        await Promise.resolve();
        const news = { incidentIds: taken(this.changedIncidents), unitIds: taken(this.changedUnits) };
        try {
          await this.readRows(news);
          for (const listener of this.listeners) listener(news);
        } catch (thrown) {
          if (this.stopping.signal.aborted) return;
          this.logger.warn({ reason: reasonOf(thrown) }, 'the board could not be read');
          for (const id of news.incidentIds) this.changedIncidents.add(id);
          for (const id of news.unitIds) this.changedUnits.add(id);
          await sleep(this.clock, RETRY_MS, this.stopping.signal);
        }
      }
    } finally {
      this.reading = false;
    }
  }

  private async readRows({ incidentIds, unitIds }: BoardNews): Promise<void> {
    const [sources, units] = await Promise.all([
      incidentIds.length === 0 ? [] : this.incidentStore.byIds(incidentIds, this.clock.nowMs()),
      unitIds.length === 0 ? [] : this.unitStore.byIds(unitIds),
    ]);
    for (const source of sources) {
      const { incident } = source;
      if (isLive(incident)) this.incidents.set(incident.id, source);
      else this.incidents.delete(incident.id);
      // A merge moves the units under way; its event does not name them.
      if (incident.life.kind === 'merged')
        for (const { unitId, end } of incident.assignments) if (end?.cause === 'moved') this.changedUnits.add(unitId);
    }
    for (const unit of units) {
      if (unit.retiredAtMs === null) this.units.set(unit.id, unit);
      else this.units.delete(unit.id);
    }
  }
}

function taken(ids: Set<string>): string[] {
  const some = [...ids].slice(0, BATCH);
  for (const id of some) ids.delete(id);
  return some;
}
