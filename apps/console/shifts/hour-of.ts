import { clockTime } from '../i18n/format.ts';

/** `HH:MM` of an instant. */
export function hourOf(atMs: number): string {
  return clockTime(atMs).slice(0, 5);
}
