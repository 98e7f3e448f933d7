import { clockTime } from '../i18n/format.ts';

/** The three shifts of the centre (domain.md 2.3); a roster replaces them when there is one. */
export interface Shift {
  readonly name: 'morning' | 'afternoon' | 'night';
  readonly hours: string;
}

const MORNING: Shift = { name: 'morning', hours: '06:00–14:00' };
const AFTERNOON: Shift = { name: 'afternoon', hours: '14:00–22:00' };
const NIGHT: Shift = { name: 'night', hours: '22:00–06:00' };

export function shiftAt(atMs: number): Shift {
  const hour = Number(clockTime(atMs).slice(0, 2));
  if (hour >= 6 && hour < 14) return MORNING;
  return hour >= 14 && hour < 22 ? AFTERNOON : NIGHT;
}
