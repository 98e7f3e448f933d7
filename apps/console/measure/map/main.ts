import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import '../../ui/tokens.css';
import { systemClock } from '#libs/base';
import { destination } from '#libs/geo';
import type { UnitFix } from '../../live/position-store.ts';
import { MovingLayer, type MapIncident, type MapUnit } from '../../map/moving-layer.ts';
import { MovingMarks } from '../../map/moving-marks.ts';
import { readPalette } from '../../map/palette.ts';
import { UNIT_LOOKS } from '../../ui/unit-look.ts';

/**
 * Moving units and standing incidents on a map, for `npm run bench:map`: by the layer of the console, or as Leaflet's own
 * markers that are moved at every frame to the same places. Not part of what is served to browsers.
 */
export interface MapPlan {
  readonly contender: 'atalaya' | 'leaflet-markers';
  readonly units: number;
  readonly incidents: number;
  /** Frames that are measured, after as many that warm up. */
  readonly frames: number;
}

const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
const REPORT_MS = 1_000;

/** Park and Miller's: the same town at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

interface Town {
  readonly units: readonly MapUnit[];
  readonly incidents: readonly MapIncident[];
  /** Where every unit is at its `n`th report: it drives on at 40 km/h. */
  fixesAt(n: number): ReadonlyMap<string, UnitFix>;
}

function townOf({ units, incidents }: MapPlan): Town {
  const random = dice(11);
  const spot = () => destination(PLAZA, random() * 360, Math.sqrt(random()) * 2_500);
  const starts = Array.from({ length: units }, () => ({ point: spot(), bearingDeg: random() * 360 }));
  return {
    units: starts.map((_, n) => ({
      id: `u${n}`,
      callSign: `Móvil ${n}`,
      look: UNIT_LOOKS[n % 4]!,
      incidentId: n % 4 === 1 ? `i${n % Math.max(1, incidents)}` : null,
    })),
    incidents: Array.from({ length: incidents }, (_, n) => ({
      id: `i${n}`,
      priority: PRIORITIES[n % 4]!,
      place: spot(),
      label: String(n),
    })),
    fixesAt: (n) =>
      new Map(
        starts.map(({ point, bearingDeg }, k) => {
          const at = destination(point, bearingDeg, ((n % 60) * REPORT_MS * 40) / 3_600);
          return [`u${k}`, { ...at, bearingDeg, speedKmh: 40, takenAtMs: systemClock.nowMs() }];
        }),
      ),
  };
}

/** Milliseconds of the main thread per frame: scripts of the frame itself and of the reports that came since the one before. */
async function measure(plan: MapPlan): Promise<number[]> {
  const host = document.getElementById('map')!;
  const map = L.map(host, {
    center: [PLAZA.latitudeDeg, PLAZA.longitudeDeg],
    zoom: 14.5,
    zoomSnap: 0.25,
    zoomControl: false,
  });
  const town = townOf(plan);
  const works = plan.contender === 'atalaya' ? await byLayer(map, town, plan) : await byMarkers(map, town, plan);
  map.remove();
  return works.slice(plan.frames);
}

function byLayer(map: L.Map, town: Town, plan: MapPlan): Promise<number[]> {
  return new Promise((resolve) => {
    const works: number[] = [];
    let reports = 0;
    let between = 0;
    const marks = new MovingMarks(readPalette(document.documentElement), 8, 12, 'Inter');
    const layer = new MovingLayer(
      marks,
      systemClock,
      () => systemClock.nowMs(),
      false,
      (workMs) => {
        works.push(workMs + between);
        between = 0;
        if (works.length < plan.frames * 2) return;
        timer.cancel();
        layer.destroy();
        resolve(works);
      },
    );
    layer.addTo(map);
    layer.show({ ...town, selectedIncidentId: 'i0', selectedUnitId: null });
    const report = (): void => {
      const fixes = town.fixesAt(reports++);
      const startedMs = systemClock.monotonicMs();
      layer.move(fixes);
      between += systemClock.monotonicMs() - startedMs;
    };
    report();
    const timer = systemClock.every(REPORT_MS, report);
  });
}

/** The plain way: one marker element a unit and an incident, set to where it glides at every frame. */
function byMarkers(map: L.Map, town: Town, plan: MapPlan): Promise<number[]> {
  for (const { place, priority } of town.incidents) {
    L.marker([place.latitudeDeg, place.longitudeDeg], { icon: L.divIcon({ html: priority ?? '' }) }).addTo(map);
  }
  let from = town.fixesAt(0);
  let to = town.fixesAt(1);
  let reports = 1;
  let sinceMs = systemClock.monotonicMs();
  const markers = town.units.map(({ id, callSign }) => {
    const fix = from.get(id)!;
    const icon = L.divIcon({ html: callSign });
    return { id, marker: L.marker([fix.latitudeDeg, fix.longitudeDeg], { icon }).addTo(map) };
  });
  const timer = systemClock.every(REPORT_MS, () => {
    from = to;
    to = town.fixesAt(++reports);
    sinceMs = systemClock.monotonicMs();
  });
  return new Promise((resolve) => {
    const works: number[] = [];
    const frame = (): void => {
      const startedMs = systemClock.monotonicMs();
      const share = Math.min(1, (startedMs - sinceMs) / REPORT_MS);
      for (const { id, marker } of markers) {
        const [a, b] = [from.get(id)!, to.get(id)!];
        marker.setLatLng([
          a.latitudeDeg + (b.latitudeDeg - a.latitudeDeg) * share,
          a.longitudeDeg + (b.longitudeDeg - a.longitudeDeg) * share,
        ]);
      }
      // Elements make the browser lay out and style: the work that a canvas does not have is done here and now.
      void document.body.offsetHeight;
      works.push(systemClock.monotonicMs() - startedMs);
      if (works.length >= plan.frames * 2) {
        timer.cancel();
        resolve(works);
      } else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

(globalThis as { measureMap?: typeof measure }).measureMap = measure;
