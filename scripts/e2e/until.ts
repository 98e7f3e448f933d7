import { reasonOf, sleep, systemClock } from '#libs/base';

/**
 * Asks `condition` until it answers true, at most `withinMs`. A throw counts as "not yet"; the last one is told when the
 * time is over. Resolves with the milliseconds that it took.
 */
export async function until(what: string, withinMs: number, condition: () => Promise<boolean>): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  let last = 'it answered no';
  for (;;) {
    try {
      if (await condition()) return systemClock.monotonicMs() - startedMs;
      last = 'it answered no';
    } catch (thrown) {
      last = reasonOf(thrown);
    }
    const tookMs = systemClock.monotonicMs() - startedMs;
    if (tookMs > withinMs) throw new Error(`waited ${Math.round(tookMs)} ms for ${what}; last: ${last}`);
    // The timer must hold the process: nothing else may be going on while a child is starting.
    const held = setInterval(() => {}, 1_000);
    await sleep(systemClock, 100);
    clearInterval(held);
  }
}
