import { allows, type Role } from '#libs/access';
import type { ShiftView } from '#libs/wire';

type EntryView = ShiftView['entries'][number];

/** Why somebody is absent (an illness is data of health, Ley 29733 art. 2.5) is for those who plan; that they are, for all. */
export function entriesFor(role: Role, entries: readonly EntryView[]): EntryView[] {
  if (allows(role, 'shift:manage')) return [...entries];
  return entries.map((entry) => ({
    ...entry,
    absence: entry.absence && { ...entry.absence, cause: null, note: '' },
  }));
}

export function shiftFor(role: Role, view: ShiftView): ShiftView {
  return { ...view, entries: entriesFor(role, view.entries) };
}
