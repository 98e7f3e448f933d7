import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DutyRoll } from '#libs/dispatch';
import { DEFAULT_SHIFT_RULES, rollOf } from '#libs/shift';
import { DutyRolls } from '../dispatch/duty-rolls.ts';
import { rostersBetween } from './shift.store.ts';

/** Who is on duty by the rosters; `null` where none puts anybody into a unit, so that a centre without rosters is not hindered. */
@Injectable()
export class RosterRolls extends DutyRolls {
  override async at(atMs: number, manager: EntityManager): Promise<DutyRoll | null> {
    const { earlyMs, lateMs } = DEFAULT_SHIFT_RULES;
    const rosters = await rostersBetween(atMs - lateMs, atMs + earlyMs + 1, manager);
    if (rosters.length === 0) return null;
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM unit WHERE on_duty AND state -> 'duty' ->> 'shiftId' = ANY($1::text[])`,
      [rosters.map(({ shift }) => shift.id)],
    );
    const signedOn = rows.map(({ id }) => id);
    return rollOf(rosters, signedOn, atMs, DEFAULT_SHIFT_RULES);
  }
}
