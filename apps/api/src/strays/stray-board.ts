import type { Fix } from '#libs/avl';
import {
  strayStep,
  type Stray,
  type StrayBounds,
  type StrayCourse,
  type StrayEnd,
  type StrayKind,
  type Unit,
} from '#libs/dispatch';
import type { GeoPoint } from '#libs/geo';
import { WatchedAreas } from './watched-areas.ts';

/** A position that may be anywhere in a block proves nothing about a border. */
const MAX_ACCURACY_M = 100;

interface Entry {
  readonly kind: StrayKind;
  readonly sectorId: string;
  course: StrayCourse;
  /** Why it would be over, if it were over now. */
  cause: StrayEnd;
}

/** What the ledger does not know yet. */
export type StrayFinding =
  | {
      readonly kind: 'raiseStray';
      readonly unitId: string;
      readonly strayKind: StrayKind;
      readonly sectorId: string;
      readonly sinceMs: number;
    }
  | {
      readonly kind: 'endStray';
      readonly unitId: string;
      readonly strayKind: StrayKind;
      readonly sectorId: string;
      readonly cause: StrayEnd;
    };

/** Keys are of our own making. */
const keyOf = ({ kind, sectorId }: { readonly kind: StrayKind; readonly sectorId: string }): string =>
  `${kind}/${sectorId}`;

/**
 * Who is astray, by positions alone: fed with each position and the unit as it is on the board, it answers by what the
 * ledger and the positions differ. It holds a few entries for each unit on duty, and forgets them with the duty. Silence
 * changes nothing: who was astray when last heard of stays so, and nobody becomes so.
 */
export class StrayBoard {
  private readonly units = new Map<string, Map<string, Entry>>();
  private areas = new WatchedAreas([]);

  constructor(private readonly bounds: StrayBounds) {}

  watch(areas: WatchedAreas): void {
    this.areas = areas;
  }

  /** @param destination where the unit was sent, when it attends an incident with a place */
  take(unit: Unit, fix: Fix, destination: GeoPoint | null): void {
    if (unit.duty === null || fix.takenAtMs < unit.duty.sinceMs) return;
    if ((fix.accuracyM ?? 0) > MAX_ACCURACY_M) return;
    const entries = this.entriesOf(unit);
    this.takeOffLimits(entries, fix, destination);
    this.takeSector(entries, unit, fix);
    if (entries.size === 0) this.units.delete(unit.id);
  }

  /** What has to be written of one unit. Ends what no area, no hour and no duty holds up any more. */
  findings(unit: Unit, nowMs: number): StrayFinding[] {
    if (unit.duty === null || unit.retiredAtMs !== null) {
      this.units.delete(unit.id);
      return [];
    }
    const entries = this.entriesOf(unit);
    const written = new Map((unit.strays ?? []).map((stray) => [keyOf(stray), stray]));
    const found: StrayFinding[] = [];
    for (const [key, entry] of entries) {
      if (!this.stillWatched(entry, unit, nowMs)) entry.course = { kind: 'clear' };
      const finding = this.findingOf(unit.id, entry, written.get(key));
      if (finding) found.push(finding);
      if (entry.course.kind === 'clear' && !written.has(key)) entries.delete(key);
    }
    if (entries.size === 0) this.units.delete(unit.id);
    return found;
  }

  /** Units about which something is known. */
  get unitIds(): Iterable<string> {
    return [...this.units.keys()];
  }

  forget(unitId: string): void {
    this.units.delete(unitId);
  }

  private findingOf(
    unitId: string,
    { kind, sectorId, course, cause }: Entry,
    written: Stray | undefined,
  ): StrayFinding | null {
    const about = { unitId, strayKind: kind, sectorId };
    const stands = course.kind === 'stands' || course.kind === 'returning';
    if (stands && !written) return { kind: 'raiseStray', ...about, sinceMs: course.sinceMs };
    return course.kind === 'clear' && written ? { kind: 'endStray', ...about, cause } : null;
  }

  private takeOffLimits(entries: Map<string, Entry>, fix: Fix, destination: GeoPoint | null): void {
    const known = [...entries.values()].filter(({ kind }) => kind === 'off-limits');
    const inside = this.areas.offLimitsAt(fix.point, new Set(known.map(({ sectorId }) => sectorId)));
    for (const sectorId of new Set([...inside, ...known.map((entry) => entry.sectorId)])) {
      const isSent = destination !== null && this.areas.holds(sectorId, destination);
      const isClosed = this.areas.isClosed(sectorId, fix.takenAtMs);
      const cause = isSent ? 'sent' : isClosed ? 'returned' : 'area-changed';
      this.step(entries, { kind: 'off-limits', sectorId }, inside.has(sectorId) && isClosed && !isSent, fix, cause);
    }
  }

  /** Only a unit that patrols owes its sector anything: one that is sent goes where it is sent. */
  private takeSector(entries: Map<string, Entry>, { sectorId, state }: Unit, fix: Fix): void {
    if (sectorId === null || !this.areas.isPatrolled(sectorId)) return;
    const about = { kind: 'out-of-sector', sectorId } as const;
    const wasAway = entries.has(keyOf(about));
    const isSent = state.kind === 'assigned';
    const isAway = !isSent && this.areas.isAway(sectorId, fix.point, wasAway);
    this.step(entries, about, isAway, fix, isSent ? 'sent' : 'returned');
  }

  private step(
    entries: Map<string, Entry>,
    about: Pick<Entry, 'kind' | 'sectorId'>,
    astray: boolean,
    { takenAtMs }: Fix,
    cause: StrayEnd,
  ): void {
    const key = keyOf(about);
    const entry = entries.get(key) ?? { ...about, course: { kind: 'clear' }, cause };
    entry.cause = cause;
    entry.course = strayStep(entry.course, astray, takenAtMs, this.bounds).course;
    // A clear one is kept until what was written of it is over: `findings` forgets it.
    if (entry.course.kind !== 'clear' || entries.has(key)) entries.set(key, entry);
  }

  private stillWatched(entry: Entry, unit: Unit, nowMs: number): boolean {
    const { kind, sectorId, course } = entry;
    const isOwn = kind === 'off-limits' ? this.areas.isClosed(sectorId, nowMs) : this.isOwnSector(unit, sectorId);
    const beganOnDuty = course.kind === 'clear' || unit.duty === null || course.sinceMs >= unit.duty.sinceMs;
    if (!isOwn) entry.cause = 'area-changed';
    return isOwn && beganOnDuty;
  }

  private isOwnSector(unit: Unit, sectorId: string): boolean {
    return unit.sectorId === sectorId && this.areas.isPatrolled(sectorId);
  }

  /** What stands in the ledger is where it begins: after a restart nothing else is known. */
  private entriesOf(unit: Unit): Map<string, Entry> {
    const entries = this.units.get(unit.id) ?? new Map<string, Entry>();
    this.units.set(unit.id, entries);
    for (const stray of unit.strays ?? []) {
      const { kind, sectorId, sinceMs } = stray;
      if (!entries.has(keyOf(stray)))
        entries.set(keyOf(stray), { kind, sectorId, course: { kind: 'stands', sinceMs }, cause: 'returned' });
    }
    return entries;
  }
}
