import { ok, type Result } from '#libs/base';
import { no } from './refusals.ts';
import type { DispatchRules } from './rules.ts';

/**
 * Compares the clock of whoever sends a command with the server's. A clock that is far off is refused: the times that the
 * person sees and reports would be wrong, and nobody would notice. `sentAtMs` is the client's clock when it sent.
 */
export function checkClientClock(sentAtMs: number, nowMs: number, rules: DispatchRules): Result<number> {
  const offMs = sentAtMs - nowMs;
  if (Math.abs(offMs) <= rules.maxClockErrorMs) return ok(offMs);
  return no('client-clock-off', 'the clock of this device is wrong', { offMs, maxMs: rules.maxClockErrorMs });
}
