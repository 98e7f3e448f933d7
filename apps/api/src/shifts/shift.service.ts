import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DEFAULT_SHIFT_RULES,
  POSTS,
  ShiftTable,
  checkAbsence,
  checkAbsenceLift,
  checkEnd,
  checkStart,
  checkSwap,
  onDuty,
  rollOf,
  setException,
  setPatterns,
  type RosterEvent,
  type Shift,
} from '#libs/shift';
import type {
  AbsenceBody,
  AbsenceLiftBody,
  AttendanceBody,
  DutyView,
  RosterBody,
  ShiftAnswer,
  ShiftCalendarView,
  ShiftExceptionBody,
  ShiftPatternsBody,
  ShiftQuery,
  ShiftView,
  SwapBody,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { ShiftCommands, no } from './shift-commands.ts';
import { entriesFor, shiftFor } from './shift-views.ts';
import { ShiftStore, readCalendar, type StoredRoster } from './shift.store.ts';

/** The calendar of shifts and who works which. */
@Injectable()
export class ShiftService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ShiftStore,
    private readonly commands: ShiftCommands,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async calendar(): Promise<ShiftCalendarView> {
    const calendar = await this.store.calendar();
    const { timeZone, versions, exceptions } = calendar;
    const today = new ShiftTable(calendar).dateOf(this.clock.nowMs());
    const named = <T extends { patterns: unknown }>(one: T) => one as never;
    return { timeZone, today, versions: versions.map(named), exceptions: exceptions.map(named) };
  }

  async list({ from, days }: ShiftQuery, { role }: SignedInUser): Promise<ShiftView[]> {
    const views = await this.viewsOf(new ShiftTable(await this.store.calendar()).from(from, days));
    return views.map((view) => shiftFor(role, view));
  }

  /** The shift that runs and the one after it: the topic `shifts`. */
  async current(): Promise<ShiftView[]> {
    const table = new ShiftTable(await this.store.calendar());
    const nowMs = this.clock.nowMs();
    return this.viewsOf([table.at(nowMs), table.next(nowMs)].filter((shift) => shift !== null));
  }

  private async viewsOf(shifts: readonly Shift[]): Promise<ShiftView[]> {
    const nowMs = this.clock.nowMs();
    const stored = await this.store.rosters(shifts.map(({ id }) => id));
    const byId = new Map<string, StoredRoster>(stored.map((one) => [one.roster.shift.id, one]));
    return shifts.map((shift) => {
      const found = byId.get(shift.id);
      const running = shift.startMs <= nowMs && nowMs < shift.endMs;
      return { ...shift, running, revision: found?.revision ?? null, entries: [...(found?.roster.entries ?? [])] };
    });
  }

  async duty({ role }: SignedInUser): Promise<DutyView> {
    const atMs = this.clock.nowMs();
    const { manager } = this.dataSource;
    const { earlyMs, lateMs } = DEFAULT_SHIFT_RULES;
    const rosters = await this.store.rostersBetween(atMs - lateMs, atMs + earlyMs + 1, manager);
    const roll = rollOf(rosters, [], atMs, DEFAULT_SHIFT_RULES);
    const running = new ShiftTable(await this.store.calendar()).at(atMs);
    const people = onDuty(rosters, atMs, POSTS);
    return {
      atMs,
      shiftId: running?.id ?? null,
      rostered: roll !== null,
      unitIds: [...(roll?.unitIds ?? [])],
      people: entriesFor(role, people),
    };
  }

  setPatterns({ fromDate, patterns, ...envelope }: ShiftPatternsBody, by: SignedInUser): Promise<ShiftAnswer> {
    return this.commands.run('setPatterns', { fromDate, patterns }, envelope, by, async (turn) => {
      const calendar = await readCalendar(turn.manager);
      const today = new ShiftTable(calendar).dateOf(turn.atMs);
      const checked = setPatterns(calendar, fromDate, patterns, today);
      if (!checked.ok) return checked;
      const event = { kind: 'shift:patternsSet', atMs: turn.atMs, fromDate, patterns } as const;
      return this.commands.takeCalendar(event, calendar, turn);
    });
  }

  setException(date: string, body: ShiftExceptionBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { note, patterns, ...envelope } = body;
    return this.commands.run('setException', { date, note, patterns }, envelope, by, async (turn) => {
      const calendar = await readCalendar(turn.manager);
      const today = new ShiftTable(calendar).dateOf(turn.atMs);
      const checked = setException(calendar, date, patterns && { note, patterns }, today);
      if (!checked.ok) return checked;
      const { atMs } = turn;
      const event =
        patterns === null
          ? ({ kind: 'shift:exceptionRemoved', atMs, date } as const)
          : ({ kind: 'shift:exceptionSet', atMs, date, note, patterns } as const);
      return this.commands.takeCalendar(event, calendar, turn);
    });
  }

  setRoster(shiftId: string, body: RosterBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { baseRevision, entries, reason, ...envelope } = body;
    const input = { shiftId, baseRevision, entries, reason };
    return this.commands.run('setRoster', input, envelope, by, async (turn) => {
      const found = await this.commands.rosterOf(shiftId, turn);
      if (!found.ok) return found;
      const { roster, revision } = found.value;
      if (revision !== baseRevision)
        return no('roster-changed', 'somebody else changed this roster meanwhile', { revision });
      const unitIds = entries.flatMap(({ unitId }) => unitId ?? []);
      const inService = await this.store.unitsInService(unitIds, turn.manager);
      const gone = unitIds.find((id) => !inService.has(id));
      if (gone !== undefined) return no('roster-unit-unknown', 'this unit is not in service', { unitId: gone });
      // Who left since stays on the rosters that they are on, by the name that they had.
      const known = new Map(roster.entries.map(({ staffId, name }) => [staffId, name]));
      const fresh = entries.map(({ staffId }) => staffId).filter((id) => !known.has(id));
      const names = await this.commands.namesOf(fresh, turn.manager);
      if (!names.ok) return names;
      const plans = entries.map((one) => ({ ...one, name: known.get(one.staffId) ?? names.value.get(one.staffId)! }));
      const { shift } = roster;
      const event: RosterEvent = { kind: 'shift:rosterSet', shiftId, atMs: turn.atMs, shift, entries: plans, reason };
      return this.commands.takePlans([[roster, event]], reason, turn);
    });
  }

  recordAbsence(shiftId: string, body: AbsenceBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { staffId, cause, note, standInId, reason, ...envelope } = body;
    const input = { shiftId, staffId, cause, note, standInId, reason };
    return this.commands.run('recordAbsence', input, envelope, by, async (turn) => {
      const found = await this.commands.rosterOf(shiftId, turn);
      if (!found.ok) return found;
      const { roster } = found.value;
      const absent = checkAbsence(roster, staffId);
      if (!absent.ok) return absent;
      const names = await this.commands.namesOf(standInId === null ? [] : [standInId], turn.manager);
      if (!names.ok) return names;
      const standIn = standInId === null ? null : { staffId: standInId, name: names.value.get(standInId)! };
      const what = { staffId, cause, note, standIn, reason };
      const event: RosterEvent = { kind: 'shift:absenceRecorded', shiftId, atMs: turn.atMs, ...what };
      return this.commands.takePlans([[roster, event]], reason, turn);
    });
  }

  liftAbsence(shiftId: string, body: AbsenceLiftBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { staffId, reason, ...envelope } = body;
    return this.commands.run('liftAbsence', { shiftId, staffId, reason }, envelope, by, async (turn) => {
      const found = await this.commands.rosterOf(shiftId, turn);
      if (!found.ok) return found;
      const { roster } = found.value;
      const allowed = checkAbsenceLift(roster, staffId);
      if (!allowed.ok) return allowed;
      const event: RosterEvent = { kind: 'shift:absenceLifted', shiftId, atMs: turn.atMs, staffId, reason };
      return this.commands.takePlans([[roster, event]], reason, turn);
    });
  }

  swap(body: SwapBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { shiftId, staffId, otherShiftId, otherStaffId, reason, ...envelope } = body;
    const input = { shiftId, staffId, otherShiftId, otherStaffId, reason };
    return this.commands.run('swap', input, envelope, by, async (turn) => {
      const one = await this.commands.rosterOf(shiftId, turn);
      if (!one.ok) return one;
      const other = await this.commands.rosterOf(otherShiftId, turn);
      if (!other.ok) return other;
      const people = checkSwap(one.value.roster, staffId, other.value.roster, otherStaffId);
      if (!people.ok) return people;
      const [mine, theirs] = people.value.map(({ staffId: id, name }) => ({ staffId: id, name })) as [Person, Person];
      const base = { kind: 'shift:swapped', atMs: turn.atMs, reason } as const;
      return this.commands.takePlans(
        [
          [one.value.roster, { ...base, shiftId, staffId, comes: theirs, otherShiftId }],
          [
            other.value.roster,
            { ...base, shiftId: otherShiftId, staffId: otherStaffId, comes: mine, otherShiftId: shiftId },
          ],
        ],
        reason,
        turn,
      );
    });
  }

  attendance(shiftId: string, body: AttendanceBody, by: SignedInUser): Promise<ShiftAnswer> {
    const { kind, km, staffId, ...envelope } = body;
    return this.commands.run('attendance', { shiftId, kind, km, staffId }, envelope, by, async (turn) => {
      const found = await this.commands.rosterOf(shiftId, turn);
      if (!found.ok) return found;
      const { roster } = found.value;
      const { atMs } = turn;
      const allowed =
        kind === 'start'
          ? checkStart(roster, staffId, atMs, DEFAULT_SHIFT_RULES)
          : checkEnd(roster, staffId, km, atMs, DEFAULT_SHIFT_RULES);
      if (!allowed.ok) return allowed;
      const event: RosterEvent =
        kind === 'start'
          ? { kind: 'shift:personStarted', shiftId, atMs, staffId, startKm: km }
          : { kind: 'shift:personEnded', shiftId, atMs, staffId, endKm: km };
      return this.commands.takeAttendance(roster, event, turn);
    });
  }
}

interface Person {
  readonly staffId: string;
  readonly name: string;
}
