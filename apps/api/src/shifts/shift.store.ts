import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThan, MoreThan, type EntityManager } from 'typeorm';
import { DEFAULT_SHIFTS, type Roster, type ShiftCalendar } from '#libs/shift';
import { RosterEntity } from './roster.entity.ts';
import { CALENDAR_ID } from './shift-kinds.ts';
import { ShiftCalendarEntity } from './shift-calendar.entity.ts';

export interface StoredRoster {
  readonly roster: Roster;
  readonly revision: number;
}

/** Queries of the calendar and of rosters; writes of both come through here, from commands and the rebuild alike. */
@Injectable()
export class ShiftStore {
  constructor(private readonly dataSource: DataSource) {}

  async calendar(manager: EntityManager = this.dataSource.manager): Promise<ShiftCalendar> {
    return readCalendar(manager);
  }

  async rosters(
    shiftIds: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<StoredRoster[]> {
    const rows = await manager.find(RosterEntity, { where: { shiftId: In([...shiftIds]) } });
    return rows.map(({ state, revision }) => ({ roster: state, revision: Number(revision) }));
  }

  /** Rosters of shifts that run at some time between two instants, each with the plan as it stands. */
  async rostersBetween(fromMs: number, toMs: number, manager: EntityManager): Promise<Roster[]> {
    return rostersBetween(fromMs, toMs, manager);
  }

  /** Rosters of shifts that are not over. */
  async rostersAfter(atMs: number, manager: EntityManager): Promise<Roster[]> {
    const rows = await manager.findBy(RosterEntity, { endAt: MoreThan(new Date(atMs)) });
    return rows.map(({ state }) => state);
  }

  /** Call signs of units in service, of those that are named. */
  async unitsInService(ids: readonly string[], manager: EntityManager): Promise<Set<string>> {
    const rows = await manager.query<{ id: string }[]>(
      'SELECT id FROM unit WHERE id = ANY($1::uuid[]) AND retired_at IS NULL',
      [[...ids]],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

export async function readCalendar(manager: EntityManager): Promise<ShiftCalendar> {
  const row = await manager.findOneBy(ShiftCalendarEntity, { id: CALENDAR_ID });
  return row?.state ?? DEFAULT_SHIFTS;
}

export async function rostersBetween(fromMs: number, toMs: number, manager: EntityManager): Promise<Roster[]> {
  const rows = await manager.find(RosterEntity, {
    where: { startAt: LessThan(new Date(toMs)), endAt: MoreThan(new Date(fromMs)) },
    order: { startAt: 'ASC' },
  });
  return rows.map(({ state }) => state);
}

export async function writeCalendar(
  state: ShiftCalendar,
  seq: number,
  atMs: number,
  manager: EntityManager,
): Promise<void> {
  await manager.query(
    `INSERT INTO shift_calendar (id, revision, updated_at, state) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET revision = $2, updated_at = $3, state = $4`,
    [CALENDAR_ID, seq, new Date(atMs), JSON.stringify(state)],
  );
}

export async function readRoster(shiftId: string, manager: EntityManager): Promise<StoredRoster | undefined> {
  const rows = await manager.query<{ state: Roster; revision: string }[]>(
    'SELECT state, revision FROM roster WHERE shift_id = $1',
    [shiftId],
  );
  return rows[0] && { roster: rows[0].state, revision: Number(rows[0].revision) };
}

export async function writeRoster(roster: Roster, seq: number, atMs: number, manager: EntityManager): Promise<void> {
  const { id, startMs, endMs } = roster.shift;
  await manager.query(
    `INSERT INTO roster (shift_id, start_at, end_at, revision, updated_at, state) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (shift_id) DO UPDATE SET start_at = $2, end_at = $3, revision = $4, updated_at = $5, state = $6`,
    [id, new Date(startMs), new Date(endMs), seq, new Date(atMs), JSON.stringify(roster)],
  );
}
