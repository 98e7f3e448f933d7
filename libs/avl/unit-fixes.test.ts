import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_FIX_BOUNDS, FenceIndex, UnitFixes, fencesAt, gpxOf, type Fix, type Geofence } from '#libs/avl';
import { destination } from '#libs/geo';

const NOW = Date.UTC(2026, 10, 20, 15);
const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const fixAt = (seconds: number, eastM: number): Fix => ({
  point: destination(PLAZA, 90, eastM),
  takenAtMs: NOW + seconds * 1_000,
  speedKmh: null,
  bearingDeg: null,
  altitudeM: 15,
  accuracyM: 5,
  hdop: null,
  batteryShare: null,
  charging: null,
});
const takes = (fixes: UnitFixes, seconds: number, eastM: number): string => {
  const verdict = fixes.take(fixAt(seconds, eastM), NOW + seconds * 1_000, DEFAULT_FIX_BOUNDS);
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
};

describe('the fixes of a unit', () => {
  it('keep the newest; late ones move nothing', () => {
    const fixes = new UnitFixes();
    expect([takes(fixes, 0, 0), takes(fixes, 20, 100), takes(fixes, 10, 50), takes(fixes, 20, 100)]).toEqual([
      'live',
      'live',
      'late',
      'fix-duplicate',
    ]);
    expect(fixes.last?.takenAtMs).toBe(NOW + 20_000);
  });

  it('outvote one wild fix when three in a row agree, and not when they are wild each by itself', () => {
    const fixes = new UnitFixes(fixAt(0, 300_000));
    expect([takes(fixes, 10, 0), takes(fixes, 20, 100), takes(fixes, 30, 200)]).toEqual([
      'fix-impossible-speed',
      'fix-impossible-speed',
      'live',
    ]);
    expect(takes(fixes, 40, 300)).toBe('live');
    const wild = [50_000, -50_000, 90_000, -90_000].map((eastM, index) => takes(fixes, 50 + index, eastM));
    expect(new Set(wild)).toEqual(new Set(['fix-impossible-speed']));
    expect(takes(fixes, 60, 400)).toBe('live');
  });
});

describe('an index of fences', () => {
  const place = fc.record({
    bearing: fc.double({ min: 0, max: 360, noNaN: true }),
    m: fc.integer({ min: 0, max: 1_500 }),
  });
  const box = (id: string, centreM: number, halfM: number): Geofence => {
    const corners = [45, 135, 225, 315, 45].map((bearing) =>
      destination(destination(PLAZA, 90, centreM), bearing, halfM * Math.SQRT2),
    );
    return { id, ring: corners.map(({ longitudeDeg, latitudeDeg }) => [longitudeDeg, latitudeDeg]) };
  };
  const fences = [box('a', 0, 300), box('b', 500, 200), box('c', 700, 60)];
  const index = new FenceIndex(fences);

  it('answers what all fences answer, wherever the unit was before', () => {
    fc.assert(
      fc.property(place, fc.subarray(['a', 'b', 'c']), ({ bearing, m }, before) => {
        const point = destination(PLAZA, bearing, m);
        expect(index.at(point, new Set(before))).toEqual(fencesAt(point, new Set(before), fences));
      }),
    );
  });
});

describe('track files', () => {
  it('cut the line where nothing is known, and hold no mark-up of a name', () => {
    const gpx = gpxOf('M-01 <b> & "c"\u0007', [fixAt(0, 0), fixAt(10, 50), fixAt(1_000, 500)]);
    expect(gpx.match(/<trkseg>/g)).toHaveLength(2);
    expect(gpx.match(/<trkpt /g)).toHaveLength(3);
    expect(gpx).toContain('<name>M-01 &lt;b&gt; &amp; "c"</name>');
    expect(gpx).toContain('<ele>15</ele><time>2026-11-20T15:00:00.000Z</time>');
  });
});
