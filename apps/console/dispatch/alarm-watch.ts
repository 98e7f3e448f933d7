import type { DispatchAlarmView } from '#libs/wire';

const KIND_ORDER: readonly DispatchAlarmView['kind'][] = [
  'sos',
  'unanswered-assignment',
  'check-in-overdue',
  'off-limits',
  'out-of-sector',
  'incident-overdue',
];

/** A cry for help first, then by kind, the oldest first. */
export function orderedAlarms(alarms: readonly DispatchAlarmView[]): DispatchAlarmView[] {
  return alarms.toSorted(
    (a, b) =>
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) || a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1),
  );
}

/** How an alarm sounds. An incident past its target, a unit beyond its sector: not sounded again and again: the board shows it. */
export type AlarmSound = 'sos' | 'alarm' | 'notice';

export function soundOf({ kind }: Pick<DispatchAlarmView, 'kind'>): AlarmSound {
  if (kind === 'sos') return 'sos';
  return kind === 'incident-overdue' || kind === 'out-of-sector' ? 'notice' : 'alarm';
}

/** How often what nobody has acknowledged sounds again. */
const REPEAT_MS: Readonly<Record<AlarmSound, number | null>> = { sos: 4_000, alarm: 15_000, notice: null };

/**
 * Decides what sounds and when. Pure: it is told the alarms and the hour. An alarm is this desk's to acknowledge: the server
 * keeps its own word of it (an SOS) and takes it off when its cause has ended.
 */
export class AlarmWatch {
  private readonly heard = new Map<string, number>();
  private readonly acknowledged = new Set<string>();

  /** Alarms that still want somebody at this desk, in order. */
  waiting(alarms: readonly DispatchAlarmView[]): DispatchAlarmView[] {
    return orderedAlarms(alarms).filter(({ id, acknowledged }) => !acknowledged && !this.acknowledged.has(id));
  }

  acknowledge(id: string): void {
    this.acknowledged.add(id);
  }

  /** What to sound now: the gravest that is new or due again, or nothing. Forgets alarms that are over. */
  due(alarms: readonly DispatchAlarmView[], nowMs: number): AlarmSound | null {
    const standing = new Set(alarms.map(({ id }) => id));
    for (const known of [this.heard.keys(), this.acknowledged.keys()].flatMap((ids) => [...ids])) {
      if (standing.has(known)) continue;
      this.heard.delete(known);
      this.acknowledged.delete(known);
    }
    const due = this.waiting(alarms).filter((alarm) => this.isDue(alarm, nowMs));
    for (const { id } of due) this.heard.set(id, nowMs);
    return due[0] ? soundOf(due[0]) : null;
  }

  private isDue(alarm: DispatchAlarmView, nowMs: number): boolean {
    const lastMs = this.heard.get(alarm.id);
    if (lastMs === undefined) return true;
    const repeatMs = REPEAT_MS[soundOf(alarm)];
    return repeatMs !== null && nowMs - lastMs >= repeatMs;
  }
}
