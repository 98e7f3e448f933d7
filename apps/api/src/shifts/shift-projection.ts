import { evolveCalendar, evolveRoster } from '#libs/shift';
import { TableProjection } from '../ledger/table-projection.ts';
import { calendarEventOf, rosterEventOf } from './shift-kinds.ts';
import { readCalendar, readRoster, writeCalendar, writeRoster } from './shift.store.ts';

/** The calendar and the rosters: all of them follow from the ledger. */
export const SHIFT_PROJECTION = new TableProjection(
  'shifts',
  [
    { table: 'shift_calendar', key: ['id'], columns: ['id', 'revision', 'updated_at', 'state'] },
    {
      table: 'roster',
      key: ['shift_id'],
      columns: ['shift_id', 'start_at', 'end_at', 'revision', 'updated_at', 'state'],
    },
  ],
  async (entry, manager) => {
    const calendarEvent = calendarEventOf(entry);
    if (calendarEvent) {
      const calendar = evolveCalendar(await readCalendar(manager), calendarEvent);
      return writeCalendar(calendar, entry.seq, calendarEvent.atMs, manager);
    }
    const event = rosterEventOf(entry);
    if (!event) return;
    const before = await readRoster(event.shiftId, manager);
    await writeRoster(evolveRoster(before?.roster, event), entry.seq, event.atMs, manager);
  },
);
