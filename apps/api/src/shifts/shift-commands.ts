import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RefusalError, ok, type Result } from '#libs/base';
import { checkClientClock, type DispatchRules } from '#libs/dispatch';
import type { EventDraft } from '#libs/ledger';
import {
  DEFAULT_SHIFT_RULES,
  ROSTER_CAPS,
  ShiftTable,
  areNear,
  checkNotOver,
  checkRoster,
  emptyRoster,
  evolveCalendar,
  evolveRoster,
  shiftRefusal,
  type CalendarEvent,
  type Roster,
  type RosterEvent,
  type ShiftCalendar,
} from '#libs/shift';
import type { ShiftAnswer } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import type { LedgerTurn } from '../ledger/ledger-command.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { calendarDraft, rosterDraft } from './shift-kinds.ts';
import { readCalendar, readRoster, rostersBetween, writeCalendar, writeRoster } from './shift.store.ts';
import { StaffService } from './staff.service.ts';

/** The envelope of a command as it came over the wire. */
export interface ShiftEnvelope {
  readonly commandId: string;
  readonly sentAtMs: number;
}

/** What a command wants in the ledger, once its rows are written. */
export type Drafts = Result<readonly EventDraft[]>;

/** Runs changes of calendar and rosters: reads, decides, writes rows and events as one. */
@Injectable()
export class ShiftCommands {
  constructor(
    private readonly ledger: LedgerService,
    private readonly staff: StaffService,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} a code of `SHIFT_CODES`, `client-clock-off`, or of the ledger. */
  async run(
    name: string,
    input: object,
    { commandId, sentAtMs }: ShiftEnvelope,
    by: SignedInUser,
    change: (turn: LedgerTurn) => Promise<Drafts>,
  ): Promise<ShiftAnswer> {
    const inTime = checkClientClock(sentAtMs, this.clock.nowMs(), this.rules);
    if (!inTime.ok) throw new RefusalError(inTime.refusal);
    const outcome = await this.ledger.execute<null>({
      commandId,
      actor: { type: 'account', id: by.accountId, name: by.displayName },
      name: `shift:${name}`,
      input,
      run: async (turn) => {
        const events = await change(turn);
        return events.ok ? ok({ value: null, events: events.value }) : events;
      },
    });
    if (!outcome.ok) throw new RefusalError(outcome.refusal);
    return { seq: outcome.value.events?.lastSeq ?? null };
  }

  /** Takes an event of the calendar, unless a roster would lose its shift (`shift-has-roster`). */
  async takeCalendar(event: CalendarEvent, calendar: ShiftCalendar, turn: LedgerTurn): Promise<Drafts> {
    const { manager, atMs, firstSeq } = turn;
    const after = evolveCalendar(calendar, event);
    const table = new ShiftTable(after);
    const planned = await rostersBetween(atMs, Number.MAX_SAFE_INTEGER / 4, manager);
    const lost = planned.find(({ shift, entries }) => {
      const stands = table.find(shift.id);
      return entries.length > 0 && (stands?.startMs !== shift.startMs || stands.endMs !== shift.endMs);
    });
    if (lost) return no('shift-has-roster', 'a roster stands on hours that would change', { shiftId: lost.shift.id });
    await writeCalendar(after, firstSeq, event.atMs, manager);
    return ok([calendarDraft(event)]);
  }

  /** The roster of a shift as it stands, or an empty one; `shift-unknown` when the calendar has no such shift. */
  async rosterOf(
    shiftId: string,
    { manager }: LedgerTurn,
  ): Promise<Result<{ readonly roster: Roster; readonly revision: number | null }>> {
    const stored = await readRoster(shiftId, manager);
    if (stored) return ok(stored);
    const shift = new ShiftTable(await readCalendar(manager)).find(shiftId);
    if (!shift) return no('shift-unknown', 'the calendar has no such shift', { shiftId });
    return ok({ roster: emptyRoster(shift), revision: null });
  }

  /**
   * Takes events of rosters that change who works when: each roster is checked as it will be, beside its neighbours as they
   * will be.
   */
  async takePlans(
    changes: readonly (readonly [Roster, RosterEvent])[],
    restReason: string,
    { manager, atMs, firstSeq }: LedgerTurn,
  ): Promise<Drafts> {
    const after = new Map<string, Roster>();
    for (const [roster, event] of changes) {
      const open = checkNotOver(roster.shift, atMs);
      if (!open.ok) return open;
      after.set(roster.shift.id, evolveRoster(after.get(roster.shift.id) ?? roster, event));
    }
    for (const roster of after.values()) {
      const { startMs, endMs } = roster.shift;
      const { minRestMs } = DEFAULT_SHIFT_RULES;
      const stored = await rostersBetween(startMs - minRestMs, endMs + minRestMs, manager);
      const others = [...stored.filter(({ shift }) => !after.has(shift.id)), ...after.values()];
      const near = others.filter(({ shift }) => areNear(shift, roster.shift, DEFAULT_SHIFT_RULES));
      const sound = checkRoster(roster, near, DEFAULT_SHIFT_RULES, restReason);
      if (!sound.ok) return sound;
    }
    for (const [index, [{ shift }, event]] of changes.entries())
      await writeRoster(after.get(shift.id)!, firstSeq + index, event.atMs, manager);
    return ok(changes.map(([, event]) => rosterDraft(event)));
  }

  /** Takes an event that changes nobody's plan. */
  async takeAttendance(roster: Roster, event: RosterEvent, { manager, firstSeq }: LedgerTurn): Promise<Drafts> {
    await writeRoster(evolveRoster(roster, event), firstSeq, event.atMs, manager);
    return ok([rosterDraft(event)]);
  }

  /** Names of people who work here; `staff-unknown` for the first who does not. */
  async namesOf(staffIds: readonly string[], manager: EntityManager): Promise<Result<ReadonlyMap<string, string>>> {
    const people = await this.staff.named(staffIds, manager);
    const stranger = staffIds.find((id) => !people.has(id));
    if (stranger !== undefined) return no('staff-unknown', 'this person does not work here', { staffId: stranger });
    return ok(new Map([...people].map(([id, { name }]) => [id, name.slice(0, ROSTER_CAPS.name)])));
  }
}

export function no(code: Parameters<typeof shiftRefusal>[0], message: string, details?: Record<string, unknown>) {
  return { ok: false, refusal: shiftRefusal(code, message, details) } as const;
}
