import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';
import type { Fix } from '#libs/avl';
import type { LivePositionView, UnitPositionView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { UnitSight } from '../dispatch/unit-sight.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeGateway } from '../realtime/realtime.gateway.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { SectorStore } from '../sectors/sector.store.ts';
import { ZoneStore } from '../zones/zone.store.ts';
import { CrossingLog } from './crossing-log.ts';
import { PositionBoard, type WatchedArea } from './position-board.ts';
import { OtherApis } from './other-apis.ts';
import { PositionMeter } from './position-meter.ts';
import { TrackStore, fixOf, type StoredFix } from './track.store.ts';
import { TrackWriter } from './track-writer.ts';

/** Seven times a second: a report waits so long at most, and what moved meanwhile shares one message. */
const BATCH_MS = 150;
/** Outlines are read when they change; this is for a change that another process of the api made. */
const RELOAD_AREAS_MS = 60_000;
/** A unit that was silent for longer is not put on the map by a restart. */
const RESTORE_MS = 7 * 86_400_000;

/** Who reports: a device by its token, or a crew's own tablet. */
export interface ReportSource {
  readonly unitId: string;
  readonly deviceId: string | null;
}

export type MoveListener = (unitId: string, fix: Fix) => void;

/** What became of a report. `taken` are on disk. */
export interface TakenReport {
  readonly taken: number;
  readonly refused: ReadonlyMap<string, number>;
}

/** The live board and its tracks: takes reports, tells who moved, remembers where everybody was. */
@Injectable()
export class PositionsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly board: PositionBoard;
  private readonly fixMaxAgeMs: number;
  private readonly moveListeners = new Set<MoveListener>();
  private readonly stopping: (() => void)[] = [];
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly tracks: TrackStore,
    private readonly writer: TrackWriter,
    private readonly zones: ZoneStore,
    private readonly sectors: SectorStore,
    private readonly realtime: RealtimeService,
    private readonly gateway: RealtimeGateway,
    private readonly others: OtherApis,
    private readonly meter: PositionMeter,
    private readonly sight: UnitSight,
    crossingLog: CrossingLog,
    @Inject(API_CONFIG) { positions }: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.fixMaxAgeMs = positions.fixBounds.maxAgeMs;
    this.board = new PositionBoard(positions.fixBounds, positions.ageBounds, (crossing) => crossingLog.add(crossing));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.readAreas();
    await this.restore();
    const unlisten = this.realtime.listen(({ topic }) => {
      if (topic === 'zones' || topic === 'sectors') void this.readAreas();
    });
    const reload = this.clock.every(RELOAD_AREAS_MS, () => void this.readAreas());
    const batches = this.clock.every(BATCH_MS, () => this.tellMoves());
    this.others.start((unitIds) => this.follow(unitIds));
    this.stopping.push(
      unlisten,
      () => reload.cancel(),
      () => batches.cancel(),
    );
  }

  onModuleDestroy(): void {
    for (const stop of this.stopping.splice(0)) stop();
  }

  /**
   * Moves the unit at once, and answers when its fixes are on disk. A fix that will not be taken later either is refused by
   * its code and counted; one that was taken before is taken again. Rejects when they could not be stored: the device sends
   * them again.
   */
  async take(source: ReportSource, fixes: readonly Fix[]): Promise<TakenReport> {
    const receivedAtMs = this.clock.nowMs();
    const stored: StoredFix[] = [];
    const refused = new Map<string, number>();
    for (const fix of fixes.toSorted((a, b) => a.takenAtMs - b.takenAtMs)) {
      const verdict = this.board.take(source.unitId, fix, receivedAtMs);
      this.meter.count(verdict.kind === 'refused' ? verdict.code : verdict.kind);
      if (verdict.kind === 'live') this.tellMoved(source.unitId, fix);
      // The first try of a fix that is known may have failed on its way to the disk: it is written, if it is not there.
      if (verdict.kind === 'refused' && verdict.code !== 'fix-duplicate')
        refused.set(verdict.code, (refused.get(verdict.code) ?? 0) + 1);
      else stored.push({ ...source, receivedAtMs, late: verdict.kind === 'late', fix });
    }
    if (stored.length > 0) await this.writer.append(stored);
    if (stored.some(({ late }) => !late)) this.others.tell(source.unitId);
    return { taken: stored.length, refused };
  }

  /** Hears the newest position of each unit, whichever process took it. Must not throw and must not wait. */
  onMoved(listener: MoveListener): void {
    this.moveListeners.add(listener);
  }

  /** Where a unit was last; `null` when that is not known. */
  positionOf(unitId: string): UnitPositionView | null {
    return this.board.positionOf(unitId, this.clock.nowMs());
  }

  live(): LivePositionView[] {
    return this.board.all(this.clock.nowMs());
  }

  /** The areas as they are drawn now. */
  async areas(): Promise<WatchedArea[]> {
    const [zones, sectors] = await Promise.all([this.zones.all(), this.sectors.all()]);
    return [
      ...zones.map(({ id, polygon }) => ({ kind: 'zone', id, ring: polygon }) as const),
      ...sectors.map(({ id, polygon }) => ({ kind: 'sector', id, ring: polygon }) as const),
    ];
  }

  private tellMoved(unitId: string, fix: Fix): void {
    for (const listener of this.moveListeners) listener(unitId, fix);
  }

  private tellMoves(): void {
    this.board.closeBatch();
    this.gateway.tellMoves({
      seq: this.board.seq,
      rowsSince: (seq) => this.board.rowsSince(seq),
      coarseFor: (reader) => this.sight.coarseFor(reader),
    });
  }

  /** Reads one after the other, so that the last read is what the board watches. Never rejects. */
  private readAreas(): Promise<void> {
    this.reading = this.reading.then(async () => {
      try {
        this.board.watch(await this.areas());
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'areas could not be read: those known before are watched');
      }
    });
    return this.reading;
  }

  /** Where units are that moved in another process of the api; `null`: all of them, since nobody knows which. */
  private async follow(unitIds: readonly string[] | null): Promise<void> {
    const sinceMs = this.clock.nowMs() - this.fixMaxAgeMs;
    const newest = await this.tracks.newestSince(sinceMs, unitIds);
    for (const row of newest) {
      const fix = fixOf(row);
      if (this.board.follow(row.unitId, fix)) this.tellMoved(row.unitId, fix);
    }
  }

  private async restore(): Promise<void> {
    const newest = await this.tracks.newestSince(this.clock.nowMs() - RESTORE_MS);
    for (const row of newest) this.board.restore(row.unitId, fixOf(row));
  }
}
