import { ok, type Result } from '#libs/base';
import { BOUNDS, REPORT_CAPS, fixRefusal, headingOf, pointOf, within, type DeviceReport } from './fix.ts';
import { memberOf, type Json } from './json.ts';

/** `bs` of a location: 0 unknown, 1 unplugged, 2 charging, 3 full. */
const CHARGING: Readonly<Record<number, boolean>> = { 1: false, 2: true, 3: true };

/**
 * A message of OwnTracks in HTTP mode: `{_type: 'location', lat, lon, tst in s, vel in km/h, cog, alt, acc in m, batt in
 * percent, bs, tid, topic}`. The device is the topic's last part (`owntracks/user/device`) or else `tid`. Source:
 * owntracks.org/booklet/tech/json. Messages of other types (`waypoint`, `transition`, `lwt`, `status`, …) are refused with
 * `fix-not-location`: the edge answers them with an empty list and 200, or the phone sends them for ever.
 *
 * Refuses also with `fix-without-device`, `fix-without-place`, `fix-malformed`.
 */
export function parseOwnTracks(body: unknown): Result<DeviceReport> {
  const type = memberOf(body, '_type');
  if (type !== 'location')
    return fixRefusal(typeof type === 'string' ? 'fix-not-location' : 'fix-malformed', 'the message is no location');
  const deviceId = deviceOf(memberOf(body, 'topic'), memberOf(body, 'tid'));
  if (deviceId === null)
    return fixRefusal(
      'fix-without-device',
      `a report names its device in at most ${REPORT_CAPS.deviceIdChars} characters`,
    );
  const [lat, lon] = [memberOf(body, 'lat'), memberOf(body, 'lon')];
  const point = typeof lat === 'number' && typeof lon === 'number' ? pointOf(lat, lon) : null;
  if (point === null) return fixRefusal('fix-without-place', 'a report has a latitude and a longitude in degrees');
  const seconds = within(memberOf(body, 'tst'), 0, Number.MAX_SAFE_INTEGER / 1_000);
  if (seconds === null) return fixRefusal('fix-malformed', 'the timestamp is no instant');
  const battery = within(memberOf(body, 'batt'), 0, 100);
  const fix = {
    point,
    takenAtMs: seconds * 1_000,
    speedKmh: within(memberOf(body, 'vel'), ...BOUNDS.speedKmh),
    bearingDeg: headingOf(memberOf(body, 'cog')),
    altitudeM: within(memberOf(body, 'alt'), ...BOUNDS.altitudeM),
    accuracyM: within(memberOf(body, 'acc'), ...BOUNDS.accuracyM),
    hdop: null,
    batteryShare: battery === null ? null : battery / 100,
    charging: chargingOf(memberOf(body, 'bs')),
  };
  return ok({ deviceId, fixes: [fix] });
}

function deviceOf(topic: Json, tid: Json): string | null {
  const name =
    typeof topic === 'string' && topic.length <= 4 * REPORT_CAPS.deviceIdChars ? topic.split('/').at(-1) : tid;
  return typeof name === 'string' && name !== '' && name.length <= REPORT_CAPS.deviceIdChars ? name : null;
}

function chargingOf(status: Json): boolean | null {
  return typeof status === 'number' ? (CHARGING[status] ?? null) : null;
}
