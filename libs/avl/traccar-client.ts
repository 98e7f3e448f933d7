import { ok, type Result } from '#libs/base';
import {
  BOUNDS,
  KMH_PER_MPS,
  REPORT_CAPS,
  fixRefusal,
  headingOf,
  isoMs,
  pointOf,
  within,
  type DeviceReport,
  type Fix,
} from './fix.ts';
import { memberOf, type Json } from './json.ts';

/**
 * The JSON body of Traccar Client 9.0 and later: `{location: {timestamp, coords: {latitude, longitude, accuracy, speed in
 * m/s, heading, altitude}, battery: {level 0..1, is_charging}}, device_id}`; `location` may be a list, from a phone that
 * was out of coverage. -1 stands for unknown. Source: traccar.org/osmand.
 *
 * Refuses with `fix-malformed`, `fix-without-device`, `fix-without-place`, `fix-too-many`. One bad fix refuses the report:
 * the client sends each of them again otherwise.
 */
export function parseTraccarClient(body: unknown): Result<DeviceReport> {
  const deviceId = memberOf(body, 'device_id');
  if (typeof deviceId !== 'string' || deviceId === '' || deviceId.length > REPORT_CAPS.deviceIdChars)
    return fixRefusal(
      'fix-without-device',
      `a report names its device in at most ${REPORT_CAPS.deviceIdChars} characters`,
    );
  const location = memberOf(body, 'location');
  const list: readonly Json[] = Array.isArray(location) ? location : [location];
  if (list.length > REPORT_CAPS.fixes)
    return fixRefusal('fix-too-many', `a report has at most ${REPORT_CAPS.fixes} positions`);
  const fixes: Fix[] = [];
  for (const one of list) {
    const fix = fixOf(one);
    if (!fix.ok) return fix;
    fixes.push(fix.value);
  }
  return fixes.length === 0 ? fixRefusal('fix-without-place', 'a report has a position') : ok({ deviceId, fixes });
}

function fixOf(location: Json): Result<Fix> {
  const coords = memberOf(location, 'coords');
  const point = pointOf(numberOf(memberOf(coords, 'latitude')), numberOf(memberOf(coords, 'longitude')));
  if (point === null) return fixRefusal('fix-without-place', 'a report has a latitude and a longitude in degrees');
  const takenAtMs = instantOf(memberOf(location, 'timestamp'));
  if (takenAtMs === null) return fixRefusal('fix-malformed', 'the timestamp is no instant');
  const metresPerSecond = within(memberOf(coords, 'speed'), 0, BOUNDS.speedKmh[1] / KMH_PER_MPS);
  const battery = memberOf(location, 'battery');
  const charging = memberOf(battery, 'is_charging');
  return ok({
    point,
    takenAtMs,
    speedKmh: metresPerSecond === null ? null : metresPerSecond * KMH_PER_MPS,
    bearingDeg: headingOf(memberOf(coords, 'heading')),
    altitudeM: within(memberOf(coords, 'altitude'), ...BOUNDS.altitudeM),
    accuracyM: within(memberOf(coords, 'accuracy'), ...BOUNDS.accuracyM),
    hdop: null,
    batteryShare: within(memberOf(battery, 'level'), 0, 1),
    charging: typeof charging === 'boolean' ? charging : null,
  });
}

function numberOf(value: Json): number | null {
  return typeof value === 'number' ? value : null;
}

/** ISO 8601, or Unix milliseconds as the SDK may be set to send. */
function instantOf(value: Json): number | null {
  if (typeof value === 'string') return value.length > REPORT_CAPS.valueChars ? null : isoMs(value);
  return within(value, 0, Number.MAX_SAFE_INTEGER);
}
