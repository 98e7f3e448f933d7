import { RefusalError, refusal, type Clock } from '#libs/base';

const WINDOW_MS = 15 * 60_000;
/** Failed logins in the window for one account, from addresses where it never signed in before. */
const MAX_PER_ACCOUNT = 10;
/** Failed logins in the window from one address, whatever the account. A whole centre may share one address. */
const MAX_PER_ADDRESS = 60;
/** Names remembered; the one used longest ago is forgotten first. An attacker spends a request per name. */
const MAX_NAMES = 20_000;

/** One try, counted before its password is checked, so that tries that run at the same time all count. */
export interface LoginAttempt {
  /** The password was right: the account's count starts again and the address gets this try back. */
  succeeded(): void;
}

/**
 * Slows down guessing. Counts are kept by account and by address in bounded memory; a restart forgets them, which an
 * attacker cannot cause. `knownPlace` keeps a stranger who guesses wrongly from locking a dispatcher out of the desk
 * where they always sit: tries from there are counted apart.
 */
export class LoginThrottle {
  /** Times of the tries per name, oldest first. */
  private readonly tries = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /** @throws {RefusalError} `too-many-logins` with `retryAfterS` when either limit is reached. */
  begin(username: string, address: string, knownPlace: boolean): LoginAttempt {
    const account = knownPlace ? `account:${username}@${address}` : `account:${username}`;
    const from = `address:${address}`;
    const waitMs = Math.max(this.waitMs(account, MAX_PER_ACCOUNT), this.waitMs(from, MAX_PER_ADDRESS));
    if (waitMs > 0) throw tooMany(waitMs);
    const nowMs = this.clock.monotonicMs();
    this.add(account, nowMs);
    this.add(from, nowMs);
    return {
      succeeded: () => {
        this.tries.delete(account);
        this.takeBack(from, nowMs);
      },
    };
  }

  private waitMs(name: string, max: number): number {
    const times = this.recent(name);
    const first = times[times.length - max];
    return first === undefined ? 0 : first + WINDOW_MS - this.clock.monotonicMs();
  }

  private recent(name: string): number[] {
    const sinceMs = this.clock.monotonicMs() - WINDOW_MS;
    return (this.tries.get(name) ?? []).filter((atMs) => atMs > sinceMs);
  }

  private add(name: string, atMs: number): void {
    const times = [...this.recent(name), atMs];
    this.tries.delete(name);
    this.tries.set(name, times);
    const oldest = this.tries.keys().next();
    if (this.tries.size > MAX_NAMES && !oldest.done) this.tries.delete(oldest.value);
  }

  private takeBack(name: string, atMs: number): void {
    const times = this.tries.get(name);
    const at = times?.indexOf(atMs) ?? -1;
    if (at >= 0) times?.splice(at, 1);
  }
}

function tooMany(waitMs: number): RefusalError {
  const retryAfterS = Math.ceil(waitMs / 1000);
  return new RefusalError(
    refusal('too-many', 'too-many-logins', `too many failed logins, try again in ${retryAfterS} s`, { retryAfterS }),
  );
}
