import { uuidV7, type Clock } from '#libs/base';
import { onLost, onSignal, onTime, type AlarmCourse, type AlarmSignal, type AlarmStep } from '#libs/alarm';
import type { AlarmEnd, AlarmKind, AlarmSource } from '#libs/wire';

/** An alarm as memory holds it. */
export interface Alarm {
  readonly id: string;
  readonly cameraId: string;
  readonly kind: AlarmKind;
  readonly source: AlarmSource;
  readonly detail: string;
  readonly raised: boolean;
  readonly course: AlarmCourse;
}

/** What the rules of the centre say about a camera and kind now. */
export interface BookRules {
  cooldownMs(cameraId: string, kind: AlarmKind): number;
  isRaised(cameraId: string, kind: AlarmKind, atMs: number): boolean;
}

/** Alarms that may wait to be written while the database is away; the oldest are lost first, and counted. */
const MAX_DIRTY = 5_000;
/** Ended alarms leave memory so long after their end: longer than any cooldown. */
const FORGET_AFTER_MS = 2 * 3_600_000;
const MAX_DETAIL_CHARS = 200;

/**
 * The newest alarm of each camera and kind, and what of them is not in the table yet. Memory is what counts: signals are
 * taken here at once, and the writer follows as fast as the database lets it.
 */
export class AlarmBook {
  private readonly newest = new Map<string, Alarm>();
  private readonly dirty = new Map<string, Alarm>();
  /** Told when something should be written soon. */
  onUrgent: () => void = () => {};
  /** Changes that were lost because the database was away for too long. */
  lost = 0;

  constructor(
    private readonly clock: Clock,
    private readonly rules: BookRules,
  ) {}

  /** Puts back what an earlier run left open. What only that run could know of is over: nobody saw how it went on. */
  restore(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) {
      const known = this.newest.get(keyOf(alarm));
      const isDouble = known !== undefined && known.course.endedAtMs === null;
      if (!known) this.newest.set(keyOf(alarm), alarm);
      if (alarm.source === 'onvif' || isDouble)
        this.apply(alarm, onLost(alarm.course, alarm.course.lastSeenAtMs, 'restart'), !isDouble);
    }
  }

  take(signal: AlarmSignal): void {
    const { cameraId, kind } = signal;
    const nowMs = this.clock.nowMs();
    const before = this.newest.get(keyOf(signal));
    const rule = { cooldownMs: this.rules.cooldownMs(cameraId, kind) };
    const step = onSignal(before?.course, signal, nowMs, rule);
    if (step.change === 'begun') this.begin(signal, step.course!);
    else if (before) this.apply(this.toldAgain(before, signal, step), step);
  }

  /** Ends what is due, forgets what is long over. To be called about once a second. */
  tick(): void {
    const nowMs = this.clock.nowMs();
    for (const [key, alarm] of this.newest) {
      this.apply(alarm, onTime(alarm.course, nowMs));
      const { endedAtMs } = alarm.course;
      if (endedAtMs !== null && nowMs - endedAtMs > FORGET_AFTER_MS) this.newest.delete(key);
    }
  }

  /** Nobody can say any more how the open alarms of a camera go on. */
  lose(cameraId: string, cause: AlarmEnd, source?: AlarmSource): void {
    const nowMs = this.clock.nowMs();
    for (const alarm of this.newest.values()) {
      if (alarm.cameraId === cameraId && (source === undefined || alarm.source === source))
        this.apply(alarm, onLost(alarm.course, nowMs, cause));
    }
  }

  /** Somebody has acknowledged it: later repeats belong to it for a while. */
  acknowledged(id: string, atMs: number): void {
    for (const [key, alarm] of this.newest) {
      if (alarm.id === id) this.newest.set(key, { ...alarm, course: { ...alarm.course, acknowledgedAtMs: atMs } });
    }
  }

  isOpen(cameraId: string, kind: AlarmKind): boolean {
    return this.newest.get(`${cameraId} ${kind}`)?.course.endedAtMs === null;
  }

  /** Cameras with an open alarm. */
  openCameras(): Set<string> {
    return new Set(
      [...this.newest.values()].filter(({ course }) => course.endedAtMs === null).map((one) => one.cameraId),
    );
  }

  /** What is to be written, those that have ended first. */
  takeDirty(): Alarm[] {
    const taken = [...this.dirty.values()];
    this.dirty.clear();
    return taken.toSorted((a, b) => Number(a.course.endedAtMs === null) - Number(b.course.endedAtMs === null));
  }

  /** It could not be written: unless something newer of it waits already, it waits again. */
  giveBack(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) if (!this.dirty.has(alarm.id)) this.mark(alarm);
  }

  private begin(signal: AlarmSignal, course: AlarmCourse): void {
    const { cameraId, kind, source } = signal;
    const atMs = course.startedAtMs;
    const detail = signal.detail.slice(0, MAX_DETAIL_CHARS);
    const raised = this.rules.isRaised(cameraId, kind, atMs);
    const alarm: Alarm = { id: uuidV7(atMs), cameraId, kind, source, detail, raised, course };
    this.newest.set(keyOf(alarm), alarm);
    this.mark(alarm);
    this.onUrgent();
  }

  /** It names what told it last; one that was only recorded calls attention when it is told again at an hour that wants it. */
  private toldAgain(alarm: Alarm, signal: AlarmSignal, { change }: AlarmStep): Alarm {
    if (change !== 'repeated' && change !== 'reopened') return alarm;
    const raised = alarm.raised || this.rules.isRaised(alarm.cameraId, alarm.kind, this.clock.nowMs());
    return { ...alarm, raised, detail: signal.detail.slice(0, MAX_DETAIL_CHARS) };
  }

  private apply(alarm: Alarm, { change, course }: AlarmStep, isNewest = true): void {
    if (!course) return;
    const before = this.newest.get(keyOf(alarm));
    const next = { ...alarm, course };
    if (isNewest) this.newest.set(keyOf(alarm), next);
    if (change === 'none') return;
    this.mark(next);
    if (change !== 'repeated' || before?.raised !== next.raised) this.onUrgent();
  }

  private mark(alarm: Alarm): void {
    this.dirty.delete(alarm.id);
    this.dirty.set(alarm.id, alarm);
    if (this.dirty.size <= MAX_DIRTY) return;
    this.dirty.delete(this.dirty.keys().next().value!);
    this.lost++;
  }
}

function keyOf({ cameraId, kind }: { readonly cameraId: string; readonly kind: AlarmKind }): string {
  return `${cameraId} ${kind}`;
}
