import { ok, type Result } from '#libs/base';
import {
  BOUNDS,
  KMH_PER_KNOT,
  REPORT_CAPS,
  fixRefusal,
  headingOf,
  isoMs,
  pointOf,
  within,
  type DeviceReport,
} from './fix.ts';

/** Numbers of seconds end here (year 2038); above they are milliseconds, as in Traccar's own decoder. */
const MAX_SECONDS = 0x7fff_ffff;

/**
 * The OsmAnd protocol as OsmAnd and Traccar Client before 9.0 speak it: a GET or POST with the parameters `id` (or
 * `deviceid`), `lat`, `lon` (or `location=lat,lon`), `timestamp` (s, ms or ISO 8601), `speed` in knots, `bearing` (or
 * `heading`), `altitude`, `accuracy` in metres, `hdop`, `batt` in percent, `charge`, `valid`. Unknown parameters are
 * passed over. Source: traccar.org/osmand. Without a time it is taken as `nowMs`.
 *
 * Refuses with `fix-malformed`, `fix-without-device`, `fix-without-place`, `fix-invalid`.
 */
export function parseOsmAnd(parameters: URLSearchParams, nowMs: number): Result<DeviceReport> {
  if (parameters.size > REPORT_CAPS.parameters)
    return fixRefusal('fix-malformed', `at most ${REPORT_CAPS.parameters} parameters are read`);
  const read = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = parameters.get(name);
      if (value !== null && value !== '' && value.length <= REPORT_CAPS.valueChars) return value;
    }
    return undefined;
  };
  const deviceId = read('id', 'deviceid');
  if (deviceId === undefined)
    return fixRefusal(
      'fix-without-device',
      `a report names its device in at most ${REPORT_CAPS.deviceIdChars} characters`,
    );
  if (read('valid') === 'false' || read('valid') === '0')
    return fixRefusal('fix-invalid', 'the device itself says that it does not know where it is');
  const [latitude, longitude] = read('location')?.split(',') ?? [read('lat'), read('lon')];
  const point = pointOf(latitude, longitude);
  if (point === null) return fixRefusal('fix-without-place', 'a report has a latitude and a longitude in degrees');
  const stamp = read('timestamp');
  const takenAtMs = stamp === undefined ? nowMs : timeOf(stamp);
  if (takenAtMs === null) return fixRefusal('fix-malformed', 'the timestamp is no instant');
  const knots = within(read('speed'), 0, BOUNDS.speedKmh[1] / KMH_PER_KNOT);
  const battery = within(read('batt'), 0, 100);
  const fix = {
    point,
    takenAtMs,
    speedKmh: knots === null ? null : knots * KMH_PER_KNOT,
    bearingDeg: headingOf(read('bearing', 'heading')),
    altitudeM: within(read('altitude'), ...BOUNDS.altitudeM),
    accuracyM: within(read('accuracy'), ...BOUNDS.accuracyM),
    hdop: within(read('hdop'), ...BOUNDS.hdop),
    batteryShare: battery === null ? null : battery / 100,
    charging: flagOf(read('charge')),
  };
  return ok({ deviceId, fixes: [fix] });
}

function timeOf(stamp: string): number | null {
  if (!/^-?\d{1,15}(\.\d{1,9})?$/.test(stamp)) return isoMs(stamp);
  const number = Number(stamp);
  return number < MAX_SECONDS ? number * 1_000 : number;
}

function flagOf(value: string | undefined): boolean | null {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : null;
}
