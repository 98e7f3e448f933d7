import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { Timer } from '#libs/base';
import { alarmsOf, checkInOf, type DispatchAlarm, type DispatchRules, type EscalationLevel } from '#libs/dispatch';
import type { DispatchAlarmView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { DISPATCH_RULES } from './dispatch-rules.ts';
import { LiveBoard } from './live-board.ts';

const TICK_MS = 1_000;
/** A cry for help is not kept waiting for the next tick; a busy town does not compute more often than this. */
const SOON_MS = 50;
/** More than anybody can hear. The gravest kinds come first, so what is left out is the least of it. */
const MAX_ALARMS = 500;

/**
 * Owner of the realtime topic `dispatchAlarms`: cries for help, assignments that nobody acknowledged, units that do not give
 * a sign of life, incidents past their time. They follow from the board and the clock alone, so a restart finds the same.
 */
@Injectable()
export class AlarmWatch implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private standing = new Map<string, DispatchAlarmView>();
  private ticking: Timer | undefined;
  private soon: Timer | undefined;

  constructor(
    private readonly board: LiveBoard,
    private readonly realtime: RealtimeService,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('dispatchAlarms', () => Promise.resolve([...this.standing.values()]));
    this.board.onNews(() => {
      this.soon ??= this.clock.after(SOON_MS, () => {
        this.soon = undefined;
        this.look();
      });
    });
  }

  onApplicationBootstrap(): void {
    this.look();
    this.ticking = this.clock.every(TICK_MS, () => this.look());
  }

  onModuleDestroy(): void {
    this.ticking?.cancel();
    this.soon?.cancel();
  }

  /** What is new is told, what is over is taken back. */
  look(): void {
    const nowMs = this.clock.nowMs();
    const incidents = [...this.board.incidents.values()].map(({ incident }) => incident);
    const alarms = alarmsOf(incidents, this.board.units.values(), nowMs, this.rules).slice(0, MAX_ALARMS);
    const now = new Map(alarms.map((alarm) => this.viewOf(alarm, nowMs)).map((view) => [view.id, view]));
    const before = this.standing;
    this.standing = now;
    for (const id of before.keys()) if (!now.has(id)) this.realtime.removed('dispatchAlarms', id);
    for (const [id, view] of now)
      if (JSON.stringify(before.get(id)) !== JSON.stringify(view)) this.realtime.changed('dispatchAlarms', view);
    this.hideAgain(nowMs);
  }

  private viewOf(alarm: DispatchAlarm, nowMs: number): DispatchAlarmView {
    const unitId = 'unitId' in alarm ? alarm.unitId : null;
    const incidentId = 'incidentId' in alarm ? alarm.incidentId : null;
    const { kind, sinceMs } = alarm;
    const acknowledged = 'acknowledged' in alarm && alarm.acknowledged;
    if ('sectorId' in alarm) {
      const { sectorId } = alarm;
      const id = `${kind}/${unitId}/${sectorId}`;
      return { id, kind, unitId, incidentId, sectorId, sinceMs, level: 'overdue', acknowledged };
    }
    const level = this.levelOf(alarm, nowMs);
    return { id: `${kind}/${unitId ?? incidentId}`, kind, unitId, incidentId, sinceMs, level, acknowledged };
  }

  private levelOf(alarm: Exclude<DispatchAlarm, { sectorId: string }>, nowMs: number): EscalationLevel {
    if (alarm.kind === 'sos') return 'critical';
    if (alarm.kind === 'incident-overdue') return alarm.level;
    const unit = this.board.units.get(alarm.unitId);
    if (alarm.kind === 'check-in-overdue') return (unit && checkInOf(unit, nowMs, this.rules)?.level) ?? 'overdue';
    const allowedMs = nowMs - alarm.sinceMs - alarm.overdueMs;
    return nowMs - alarm.sinceMs >= allowedMs * this.rules.criticalShare ? 'critical' : 'overdue';
  }

  /** Whose reason to see a masked incident has expired sees it hidden again. */
  private hideAgain(nowMs: number): void {
    const expired = [...this.board.incidents.values()].filter(({ unmasks }) =>
      [...unmasks.values()].some((untilMs) => untilMs <= nowMs),
    );
    if (expired.length > 0) this.board.refresh(expired.map(({ incident }) => incident.id));
  }
}
