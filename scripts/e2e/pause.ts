import { sleep, systemClock } from '#libs/base';

/** Waits with a timer that holds the process: nothing else may be going on meanwhile. */
export async function pause(delayMs: number): Promise<void> {
  const held = setInterval(() => {}, 1_000);
  await sleep(systemClock, delayMs);
  clearInterval(held);
}
