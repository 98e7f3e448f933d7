/** When a picture was taken, by the machine's clock. */
export interface CaptureTime {
  readonly atMs: number;
  /** The camera's word could not be used: `atMs` is the arrival at the relay, a little after the truth. */
  readonly isArrival: boolean;
}

/** A picture is not older than this when it arrives, or the camera's clock is not what it was when it was measured. */
const MAX_UNDERWAY_MS = 10_000;
/** The measured clock error is itself off by about this much: a picture from that near a future was taken now. */
const MEASURED_WITHIN_MS = 250;

/**
 * The camera's own time of the picture (RTCP sender report, RFC 3550 §6.4.1) less what its clock is known to be ahead. A
 * clock that was never measured is not believed: many are off by minutes.
 *
 * @param arrivedMs wall clock at which the picture arrived
 */
export function captureTimeOf(
  cameraMs: number | undefined,
  clockErrorMs: number | undefined,
  arrivedMs: number,
): CaptureTime {
  if (cameraMs === undefined || clockErrorMs === undefined) return { atMs: arrivedMs, isArrival: true };
  const atMs = cameraMs - clockErrorMs;
  const underwayMs = arrivedMs - atMs;
  if (underwayMs > MAX_UNDERWAY_MS || underwayMs < -MEASURED_WITHIN_MS) return { atMs: arrivedMs, isArrival: true };
  return { atMs: Math.min(atMs, arrivedMs), isArrival: false };
}
