import type { BackoffRule } from '#libs/base';

/**
 * Waits between tries of a camera that is away. The ceiling is low: a camera that is plugged in again has to be live in
 * five seconds, and of those up to two are its own until the first key frame.
 */
export const RETRY: BackoffRule = { firstMs: 250, maxMs: 1_000, jitter: 0.3 };

/** Least wait after a failure that trying again soon cannot cure. */
const SLOW_RETRY_MS: Readonly<Record<string, number>> = {
  // Many cameras lock the account (or the address) after five to ten wrong logins: stay below that.
  'rtsp-unauthorized': 60_000,
  'rtsp-forbidden': 60_000,
  'rtsp-not-found': 10_000,
  'rtsp-bad-address': 60_000,
  'rtsp-foreign-host': 60_000,
  'rtsp-redirected': 15_000,
  'stream-host-foreign': 60_000,
  'stream-address-invalid': 60_000,
  'credential-unreadable': 60_000,
  'codec-unsupported': 15_000,
  'codec-mismatch': 15_000,
  'sdp-no-video': 15_000,
};

/** Milliseconds to wait after `code`, given what the backoff says. A change of the camera's record ends any wait. */
export function retryWaitMs(code: string, backoffMs: number): number {
  return Math.max(backoffMs, SLOW_RETRY_MS[code] ?? 0);
}
