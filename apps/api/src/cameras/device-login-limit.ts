import { refusal, refused, type Clock, type Result } from '#libs/base';

const WINDOW_MS = 60_000;
/** Makers lock an account after five to ten wrong logins; one try here may cost the device two (digest and token). */
export const MAX_WRONG_PER_MINUTE = 3;
/** Devices remembered; the one tried longest ago is forgotten first. */
const MAX_DEVICES = 5_000;

/** Keeps people who try logins from locking a camera's account, whoever and however many they are. */
export class DeviceLoginLimit {
  private readonly wrong = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /**
   * Runs a try of a login. It counts from its begin, so that tries at the same time all count, and is given back unless
   * the device said that the login is wrong. Refusal: `too-many-device-logins` with `retryAfterS`.
   */
  async attempt<T>(host: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
    const nowMs = this.clock.monotonicMs();
    const recent = (this.wrong.get(host) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
    const [first] = recent;
    if (first !== undefined && recent.length >= MAX_WRONG_PER_MINUTE)
      return refused(tooMany(first + WINDOW_MS - nowMs));
    this.wrong.delete(host);
    this.wrong.set(host, [...recent, nowMs]);
    if (this.wrong.size > MAX_DEVICES) this.wrong.delete(this.wrong.keys().next().value!);
    const result = await work().catch((thrown: unknown) => {
      this.giveBack(host, nowMs);
      throw thrown;
    });
    if (result.ok || result.refusal.code !== 'onvif-unauthorized') this.giveBack(host, nowMs);
    return result;
  }

  private giveBack(host: string, atMs: number): void {
    const times = this.wrong.get(host);
    const at = times?.indexOf(atMs) ?? -1;
    if (at >= 0) times?.splice(at, 1);
    if (times?.length === 0) this.wrong.delete(host);
  }
}

function tooMany(waitMs: number) {
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1_000));
  const message = `this device has refused ${MAX_WRONG_PER_MINUTE} logins within a minute: try again in ${retryAfterS} s`;
  return refusal('too-many', 'too-many-device-logins', message, { retryAfterS });
}
