import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ErrorCounter, RefusalError, reasonOf, refusal, sleep, type Logger } from '#libs/base';
import type { AlarmSignal } from '#libs/alarm';
import type { AlarmEnd, AlarmKind, AlarmPage, AlarmQuery, AlarmSource, AlarmView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DutyService } from '../duty/duty.service.ts';
import { removeInBatches } from '../housekeeping/batches.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { AlarmBook, type Alarm } from './alarm-book.ts';
import { AlarmRulesService } from './alarm-rules.service.ts';
import { alarmOfRow, alarmViewOf } from './alarm-view.ts';
import { AlarmStore } from './alarm.store.ts';
import { CameraAlarmEntity } from './camera-alarm.entity.ts';
import { KnownCameras } from './known-cameras.ts';

/** Alarms that begin or end together are written together: a switch that dies takes fifty cameras in one go. */
const GATHER_MS = 20;
const TICK_MS = 1_000;
/** That an alarm goes on is written this often. */
const REPEATS_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 60_000;
const RETRY_MS = 1_000;
const DAY_MS = 86_400_000;
/** Changes of other apis that wait; what is beyond is on the screens with its next change. */
const MAX_TOLD = 1_000;

/** Owner of the alarms and of the realtime topic `alarms`. */
@Injectable()
export class AlarmDesk implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private book: AlarmBook;
  private readonly stop = new AbortController();
  private readonly errors: ErrorCounter;
  private wake = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private restored = false;
  /** Changed by another api, or just now by this one. */
  private readonly told = new Set<string>();
  private slowMs = 0;
  private sweptMs: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: AlarmStore,
    private readonly rules: AlarmRulesService,
    private readonly known: KnownCameras,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    private readonly duty: DutyService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.book = this.newBook();
    this.errors = new ErrorCounter(clock, (count, reason) =>
      logger.warn({ count, reason }, 'alarms cannot be written, they are kept'),
    );
    this.sweptMs = clock.nowMs();
  }

  onModuleInit(): void {
    this.realtime.register('alarms', async () => (await this.store.current(this.clock.nowMs())).map(alarmViewOf));
  }

  onApplicationBootstrap(): void {
    this.known.listen({ changed: () => {}, removed: (id) => this.lose(id, 'camera-removed') });
    this.duty.listen({
      began: () => (this.restored = false),
      // What goes on is the other api's to say.
      ended: () => (this.book = this.newBook()),
    });
    this.duty.onAlarm((id) => this.onTold(id));
    this.loop = this.run();
  }

  /** What is known is written; what goes on is left open and judged anew by the next run. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
    await this.flush();
    this.errors.flush();
  }

  /** Signals are the business of the api on duty. */
  take(signal: AlarmSignal): void {
    if (!this.duty.isElsewhere) this.book.take(signal);
  }

  /** Nobody can say any more how the open alarms of a camera go on. */
  lose(cameraId: string, cause: AlarmEnd, source?: AlarmSource): void {
    if (!this.duty.isElsewhere) this.book.lose(cameraId, cause, source);
  }

  isOpen(cameraId: string, kind: AlarmKind): boolean {
    return this.book.isOpen(cameraId, kind);
  }

  async page(query: AlarmQuery): Promise<AlarmPage> {
    const found = await this.store.page(query);
    const alarms = found.slice(0, query.limit).map(alarmViewOf);
    return { alarms, nextBefore: found.length > query.limit ? (alarms.at(-1)?.id ?? null) : null };
  }

  /** @throws {RefusalError} `alarm-unknown`, `alarm-acknowledged`. */
  async acknowledge(id: string, note: string, by: SignedInUser): Promise<AlarmView> {
    const acknowledgedAt = new Date(this.clock.nowMs());
    await this.dataSource.transaction(async (manager) => {
      const row = await this.store.lock(id, manager);
      if (!row) throw alarmUnknown();
      if (row.acknowledgedAt) throw alreadyAcknowledged(row);
      const { accountId: acknowledgedBy, displayName: acknowledgedName } = by;
      const change = { acknowledgedAt, acknowledgedBy, acknowledgedName, note: note === '' ? null : note };
      await manager.update(CameraAlarmEntity, { id }, change);
      const details = { kind: row.kind, cameraId: row.cameraId, startedAt: row.startedAt.toISOString(), note };
      const what = {
        action: 'alarm:acknowledge',
        objectKind: 'alarm',
        objectId: id,
        outcome: 'done' as const,
        details,
      };
      await this.audit.record(what, by, manager);
      await this.store.tell(id, manager);
    });
    await this.tellAcknowledged(id, acknowledgedAt.getTime());
    const row = await this.store.byId(id);
    if (!row) throw alarmUnknown();
    return alarmViewOf(row);
  }

  /** After the commit of an acknowledgement, here or with an incident. */
  async tellAcknowledged(id: string, atMs: number): Promise<void> {
    this.book.acknowledged(id, atMs);
    await this.publish(id);
  }

  /** Removes alarms that ended longer ago than the centre keeps them; answers how many. */
  forgetOld(): Promise<number> {
    const before = new Date(this.clock.nowMs() - this.rules.current.keepDays * DAY_MS);
    return removeInBatches((limit) => this.store.removeEnded(before, limit));
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const urgent = this.wake.signal.aborted;
      await sleep(
        this.clock,
        urgent ? GATHER_MS : TICK_MS,
        urgent ? this.stop.signal : AbortSignal.any([this.stop.signal, this.wake.signal]),
      );
      if (this.stop.signal.aborted) return;
      if (this.duty.isOn && !this.restored && !(await this.restore())) continue;
      await this.turn(urgent);
    }
  }

  private async turn(urgent: boolean): Promise<void> {
    if (!this.duty.isElsewhere) this.book.tick();
    await this.hearOthers();
    const slowDue = this.clock.monotonicMs() >= this.slowMs;
    if (urgent || slowDue) await this.flush();
    if (slowDue) this.slowMs = this.clock.monotonicMs() + REPEATS_EVERY_MS;
    if (this.clock.nowMs() - this.sweptMs >= SWEEP_EVERY_MS) await this.sweep();
  }

  /** No alarm of an earlier run stays open for ever. Until its alarms are read, new ones are kept in memory. */
  private async restore(): Promise<boolean> {
    try {
      this.book.restore((await this.store.open()).map(alarmOfRow));
      this.restored = true;
    } catch (thrown) {
      this.errors.add(reasonOf(thrown));
      await sleep(this.clock, RETRY_MS, this.stop.signal);
    }
    return this.restored;
  }

  private async flush(): Promise<void> {
    this.wake = new AbortController();
    // Without the duty another api may know better.
    const alarms = this.duty.isOn ? this.book.takeDirty() : [];
    if (alarms.length === 0) return;
    try {
      await this.store.write(alarms);
    } catch (thrown) {
      this.book.giveBack(alarms);
      this.errors.add(reasonOf(thrown));
      return;
    }
    await this.publishAll(alarms);
  }

  private newBook(): AlarmBook {
    const book = new AlarmBook(this.clock, this.rules);
    book.onUrgent = () => this.wake.abort();
    return book;
  }

  private onTold(id: string): void {
    if (this.told.size < MAX_TOLD) this.told.add(id);
    this.wake.abort();
  }

  /** Brings what another api wrote, or somebody acknowledged there, onto the screens of this one. */
  private async hearOthers(): Promise<void> {
    const ids = [...this.told];
    this.told.clear();
    try {
      for (const id of ids) {
        const row = await this.store.byId(id);
        if (row?.acknowledgedAt) this.book.acknowledged(id, row.acknowledgedAt.getTime());
        if (!this.duty.isOn || row?.acknowledgedAt) await this.publish(id);
      }
    } catch (thrown) {
      this.errors.add(reasonOf(thrown));
    }
  }

  private async publishAll(alarms: readonly Alarm[]): Promise<void> {
    try {
      for (const { id } of alarms) await this.publish(id);
    } catch (thrown) {
      this.logger.warn({ alarms: alarms.length, reason: reasonOf(thrown) }, 'alarms could not be published');
    }
  }

  private publish(id: string): Promise<void> {
    return this.realtime.refresh('alarms', id, async () => {
      const row = await this.store.currentById(id, this.clock.nowMs());
      return row ? alarmViewOf(row) : undefined;
    });
  }

  /** Alarms that nobody acknowledged leave the screens some day. */
  private async sweep(): Promise<void> {
    const nowMs = this.clock.nowMs();
    try {
      for (const id of await this.store.stoppedWaiting(this.sweptMs, nowMs)) await this.publish(id);
      this.sweptMs = nowMs;
    } catch (thrown) {
      this.errors.add(reasonOf(thrown));
    }
  }
}

export function alarmUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'alarm-unknown', 'there is no such alarm'));
}

function alreadyAcknowledged({ acknowledgedName, acknowledgedAt }: CameraAlarmEntity): RefusalError {
  const details = { by: acknowledgedName, atMs: acknowledgedAt?.getTime() ?? null };
  return new RefusalError(refusal('conflict', 'alarm-acknowledged', 'somebody has acknowledged this alarm', details));
}
