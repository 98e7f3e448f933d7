import type { DatabaseFacts } from './database.ts';
import type { DemoWish } from './settings.ts';

/**
 * Whether the demonstration town runs. Nobody has to say anything to see it the first time, and it stays until it is
 * turned off; it never joins an installation that began with cameras of its own.
 */
export function wantsDemo(wish: DemoWish, facts: Pick<DatabaseFacts, 'hasCameras' | 'hasDemonstration'>): boolean {
  if (wish !== 'find-out') return wish === 'on';
  return !facts.hasCameras || facts.hasDemonstration;
}
