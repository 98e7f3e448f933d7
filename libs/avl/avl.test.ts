import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destination } from '#libs/geo';
import {
  DEFAULT_FIX_BOUNDS,
  FIX_CODES,
  ageOf,
  distanceToRingM,
  judgeFix,
  measureTrack,
  parseOsmAnd,
  parseOwnTracks,
  parseTraccarClient,
  type DeviceReport,
  type Fix,
} from '#libs/avl';
import type { Result } from '#libs/base';

const NOW = Date.UTC(2026, 10, 20, 15);
const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const osmAnd = (query: string) => parseOsmAnd(new URLSearchParams(query), NOW);
const codeOf = (result: Result<unknown>) => (result.ok ? null : result.refusal.code);
const only = (result: Result<DeviceReport>): Fix => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value.fixes[0]!;
};

/** The JSON example of traccar.org/osmand, its comments taken off and its place moved to Ilo. */
const TRACCAR = {
  location: {
    timestamp: '2026-11-20T15:00:00.000Z',
    coords: { latitude: -17.6459, longitude: -71.3453, accuracy: 5, speed: 10, heading: 90, altitude: 15 },
    is_moving: true,
    odometer: 0,
    event: 'motionchange',
    battery: { level: 0.85, is_charging: true },
    activity: { type: 'in_vehicle' },
    extras: {},
  },
  device_id: '48241179',
};
/** A location as the OwnTracks booklet lists its members. */
const OWNTRACKS = {
  _type: 'location',
  acc: 5,
  alt: 15,
  batt: 85,
  bs: 2,
  cog: 90,
  lat: -17.6459,
  lon: -71.3453,
  t: 'u',
  tid: 'H3',
  topic: 'owntracks/serenazgo/48241179',
  tst: NOW / 1_000,
  vac: 10,
  vel: 36,
};

describe('devices', () => {
  it('that say the same in three protocols are understood the same', () => {
    const query = `id=48241179&timestamp=${NOW / 1_000}&lat=-17.6459&lon=-71.3453&speed=${36 / 1.852}&bearing=90&altitude=15&accuracy=5&batt=85&charge=true`;
    const [parameters, json, own] = [osmAnd(query), parseTraccarClient(TRACCAR), parseOwnTracks(OWNTRACKS)];
    const fix = {
      point: PLAZA,
      takenAtMs: NOW,
      bearingDeg: 90,
      altitudeM: 15,
      accuracyM: 5,
      hdop: null,
      batteryShare: 0.85,
      charging: true,
    };
    for (const report of [parameters, json, own]) {
      expect(report).toMatchObject({ ok: true, value: { deviceId: '48241179', fixes: [fix] } });
      expect(only(report).speedKmh).toBeCloseTo(36, 9);
    }
  });

  it.each([
    [`${NOW / 1_000}`],
    [`${NOW}`],
    ['2026-11-20T15:00:00Z'],
    ['2026-11-20T15:00:00.000Z'],
    ['2026-11-20T10:00:00-05:00'],
    ['2026-11-20T10:00:00-0500'],
    ['2026-11-20 15:00:00'],
  ])('tell the time as %s', (timestamp) => {
    const query = new URLSearchParams({ deviceid: 'a', location: '-17.6,-71.3', timestamp });
    expect(only(parseOsmAnd(query, 0)).takenAtMs).toBe(NOW);
  });

  it('that leave the time out are taken at once, and unknown side fields are none', () => {
    const fix = only(osmAnd('id=a&lat=-17.6&lon=-71.3&speed=-1&bearing=-1&accuracy=x&batt=140&hdop='));
    expect(fix).toEqual({
      point: { latitudeDeg: -17.6, longitudeDeg: -71.3 },
      takenAtMs: NOW,
      speedKmh: null,
      bearingDeg: null,
      altitudeM: null,
      accuracyM: null,
      hdop: null,
      batteryShare: null,
      charging: null,
    });
    const still = { ...TRACCAR.location, coords: { ...TRACCAR.location.coords, speed: -1, heading: -1 } };
    expect(only(parseTraccarClient({ ...TRACCAR, location: [still] }))).toMatchObject({
      speedKmh: null,
      bearingDeg: null,
    });
  });

  it('that send nonsense are told which', () => {
    const place = 'lat=-17.6&lon=-71.3';
    expect(codeOf(osmAnd(place))).toBe('fix-without-device');
    expect(codeOf(osmAnd(`id=${'x'.repeat(65)}&${place}`))).toBe('fix-without-device');
    expect(codeOf(osmAnd('id=a&lat=91&lon=0'))).toBe('fix-without-place');
    expect(codeOf(osmAnd('id=a&location=1'))).toBe('fix-without-place');
    expect(codeOf(osmAnd(`id=a&${place}&timestamp=ayer`))).toBe('fix-malformed');
    expect(codeOf(osmAnd(`id=a&${place}&valid=false`))).toBe('fix-invalid');
    expect(codeOf(osmAnd(`id=a&${place}${'&x=1'.repeat(60)}`))).toBe('fix-malformed');
    expect(codeOf(parseTraccarClient({ ...TRACCAR, device_id: 7 }))).toBe('fix-without-device');
    expect(codeOf(parseTraccarClient({ ...TRACCAR, location: [] }))).toBe('fix-without-place');
    expect(codeOf(parseTraccarClient({ ...TRACCAR, location: Array(501).fill(TRACCAR.location) }))).toBe(
      'fix-too-many',
    );
    expect(codeOf(parseOwnTracks({ ...OWNTRACKS, _type: 'waypoint' }))).toBe('fix-not-location');
    expect(codeOf(parseOwnTracks({ ...OWNTRACKS, topic: undefined, tid: '' }))).toBe('fix-without-device');
    expect(codeOf(parseOwnTracks({ ...OWNTRACKS, lat: '1' }))).toBe('fix-without-place');
    expect(codeOf(parseOwnTracks([]))).toBe('fix-malformed');
  });

  it('may send anything: it is read or refused with a code, and what is read is within bounds', () => {
    const known = fc.constantFrom('id', 'lat', 'lon', 'location', 'timestamp', 'speed', 'bearing', 'batt', 'accuracy');
    const value = fc.oneof(
      fc.double().map(String),
      fc.string({ maxLength: 80 }),
      fc.constantFrom('1e999', '-0', 'NaN'),
    );
    const check = (result: Result<DeviceReport>): void => {
      if (!result.ok) return expect(Object.hasOwn(FIX_CODES, result.refusal.code)).toBe(true) as undefined;
      for (const { point, takenAtMs, speedKmh, bearingDeg, batteryShare } of result.value.fixes) {
        expect(Math.abs(point.latitudeDeg) <= 90 && Math.abs(point.longitudeDeg) <= 180).toBe(true);
        expect(Number.isFinite(takenAtMs)).toBe(true);
        expect((speedKmh ?? 0) >= 0 && (speedKmh ?? 0) <= 1_001).toBe(true);
        expect((bearingDeg ?? 0) >= 0 && (bearingDeg ?? 0) < 360).toBe(true);
        expect((batteryShare ?? 0) >= 0 && (batteryShare ?? 0) <= 1).toBe(true);
      }
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(known, value), { maxLength: 12 }), (pairs) =>
        check(parseOsmAnd(new URLSearchParams(pairs), NOW)),
      ),
      { numRuns: 1_000 },
    );
    const name = fc.constantFrom(
      '_type',
      'lat',
      'lon',
      'tst',
      'topic',
      'tid',
      'vel',
      'location',
      'coords',
      'device_id',
    );
    const body = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.constant('location'), fc.double(), fc.anything(), tie('object')),
      object: fc.dictionary(name, tie('any')),
    })).object;
    fc.assert(
      fc.property(body, (anything) => {
        check(parseOwnTracks(anything));
        check(parseTraccarClient(anything));
      }),
      { numRuns: 1_000 },
    );
  });
});

const fixAt = (metresNorth: number, takenAtMs: number, more: Partial<Fix> = {}): Fix => ({
  point: destination(PLAZA, 0, metresNorth),
  takenAtMs,
  speedKmh: null,
  bearingDeg: null,
  altitudeM: null,
  accuracyM: null,
  hdop: null,
  batteryShare: null,
  charging: null,
  ...more,
});

describe('a fix', () => {
  const judge = (fix: Fix, previous: Fix | null = null) => judgeFix(fix, previous, NOW, DEFAULT_FIX_BOUNDS);
  const { maxAheadMs, maxAgeMs } = DEFAULT_FIX_BOUNDS;

  it.each<[string, Fix, Fix | null]>([
    ['fix-null-island', { ...fixAt(0, NOW), point: { latitudeDeg: 0.001, longitudeDeg: 0 } }, null],
    ['fix-in-future', fixAt(0, NOW + maxAheadMs + 1), null],
    ['fix-in-future', fixAt(0, Number.NaN), null],
    ['fix-outdated', fixAt(0, NOW - maxAgeMs - 1), null],
    ['fix-inaccurate', fixAt(0, NOW, { accuracyM: 501 }), null],
    ['fix-inaccurate', fixAt(0, NOW, { hdop: 21 }), null],
    ['fix-duplicate', fixAt(9, NOW), fixAt(0, NOW)],
    ['fix-impossible-speed', fixAt(612, NOW), fixAt(0, NOW - 10_000)],
  ])('is refused with %s', (code, fix, previous) => {
    expect(judge(fix, previous)).toEqual({ kind: 'refused', code });
  });

  it('is live at the edge of every bound, and late when a newer one is known', () => {
    expect(judge(fixAt(0, NOW + maxAheadMs)).kind).toBe('live');
    expect(judge(fixAt(0, NOW - maxAgeMs)).kind).toBe('live');
    expect(judge(fixAt(0, NOW, { accuracyM: 500, hdop: 20 })).kind).toBe('live');
    expect(judge(fixAt(610, NOW), fixAt(0, NOW - 10_000)).kind).toBe('live');
    expect(judge(fixAt(1_000, NOW, { accuracyM: 400 }), fixAt(0, NOW - 10_000)).kind).toBe('live');
    expect(judge(fixAt(0, NOW - 60_000), fixAt(100, NOW)).kind).toBe('late');
  });

  it('fades and is lost with age', () => {
    expect([0, 29_999, 30_000, 179_999, 180_000].map((age) => ageOf(NOW - age, NOW))).toEqual([
      'fresh',
      'fresh',
      'stale',
      'stale',
      'lost',
    ]);
    expect(ageOf(null, NOW)).toBe('lost');
  });
});

describe('a track', () => {
  /** From the plaza 600 m to 1,200 m north, 400 m wide. */
  const corner = (north: number, east: number): [number, number] => {
    const { longitudeDeg, latitudeDeg } = destination(destination(PLAZA, 0, north), 90, east);
    return [longitudeDeg, latitudeDeg];
  };
  const ring = [corner(600, -200), corner(600, 200), corner(1_200, 200), corner(1_200, -200), corner(600, -200)];
  const fences = [{ id: 'norte', ring }];

  it('adds up kilometres and minutes, and counts no wobble and no gap', () => {
    // 2 km north at 36 km/h, ten minutes parked with 2 m of wobble, twenty minutes of silence, 1 km back.
    const drive = Array.from({ length: 201 }, (_, s) => fixAt(s * 10, NOW + s * 1_000));
    const parked = Array.from({ length: 60 }, (_, n) => fixAt(2_000 + (n % 2) * 2, NOW + 200_000 + (n + 1) * 10_000));
    const restMs = NOW + 800_000 + 20 * 60_000;
    const back = Array.from({ length: 101 }, (_, s) => fixAt(2_000 - s * 10, restMs + s * 1_000));
    const metrics = measureTrack([...drive, ...parked, ...back], fences);
    expect(metrics.distanceKm).toBeCloseTo(3, 2);
    expect(metrics.movingMinutes).toBeCloseTo(300 / 60, 6);
    expect(metrics.standingMinutes).toBeCloseTo(10, 6);
    expect(metrics.unknownMinutes).toBeCloseTo(20, 6);
    expect(metrics.maxSpeedKmh).toBeCloseTo(36, 1);
    expect(metrics.crossings.map(({ kind }) => kind)).toEqual(['entered', 'left', 'entered']);
    // 600 m of the way north, 25 m of margin beyond, then back from 1,200 m to 1,000 m.
    expect(metrics.minutesByFence.get('norte')! * 60).toBeCloseTo(63 + 20, -1);
  });

  it('on a border does not come and go', () => {
    const wobble = Array.from({ length: 40 }, (_, n) => fixAt(600 + (n % 2 === 0 ? 10 : -10), NOW + n * 5_000));
    expect(measureTrack(wobble, fences).crossings.map(({ kind }) => kind)).toEqual(['entered']);
    expect(distanceToRingM(destination(PLAZA, 0, 500), ring)).toBeCloseTo(100, 0);
  });

  it('of nothing is nothing', () => {
    expect(measureTrack([], fences)).toMatchObject({ fixes: 0, distanceKm: 0, crossings: [] });
    expect(measureTrack([fixAt(0, NOW)], fences)).toMatchObject({ fixes: 1, distanceKm: 0, movingMinutes: 0 });
  });

  it('never has more time than passed', () => {
    const walk = fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 1, max: 400_000 })), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(walk, (legs) => {
        let [metres, atMs] = [700, NOW];
        const fixes = legs.map(([step, ms]) => fixAt((metres += step), (atMs += ms)));
        const { movingMinutes, standingMinutes, unknownMinutes, minutesByFence } = measureTrack(fixes, fences);
        const all = (fixes.at(-1)!.takenAtMs - fixes[0]!.takenAtMs) / 60_000;
        expect(movingMinutes + standingMinutes + unknownMinutes).toBeCloseTo(all, 6);
        expect(minutesByFence.get('norte') ?? 0).toBeLessThanOrEqual(movingMinutes + standingMinutes + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});
