import type { AlarmView, CameraView, ZoneCoverageView, ZoneView } from '#libs/wire';

export type Card =
  | { readonly kind: 'camera'; readonly key: string; readonly camera: CameraView }
  | {
      readonly kind: 'zone';
      readonly key: string;
      readonly zone: ZoneView;
      readonly coverage: ZoneCoverageView | undefined;
    }
  | { readonly kind: 'more'; readonly key: string; readonly cameras: readonly CameraView[] }
  | { readonly kind: 'alarm'; readonly key: string; readonly alarm: AlarmView; readonly camera: CameraView | undefined }
  | { readonly kind: 'more-alarms'; readonly key: string; readonly alarms: readonly AlarmView[] };

const RISK_ORDER = { high: 0, medium: 1, low: 2 } as const;
const STATE_ORDER = { offline: 0, degraded: 1, connecting: 2, standby: 3, online: 3 } as const;

/** Alarms leave so many places to cameras and zones. */
const KEPT_PLACES = 2;

/** The wall's bottom cards, at most `places`: alarms that wait (the newest first), then troubled cameras (worst and oldest first), then zones (least seen first). */
export function cardsOf(
  cameras: readonly CameraView[],
  zones: readonly ZoneView[],
  coverage: readonly ZoneCoverageView[],
  places: number,
  waiting: readonly AlarmView[] = [],
): Card[] {
  const alarms = alarmCards(waiting, cameras, Math.max(1, places - KEPT_PLACES));
  return [...alarms, ...stateCards(cameras, zones, coverage, places - alarms.length)];
}

function stateCards(
  cameras: readonly CameraView[],
  zones: readonly ZoneView[],
  coverage: readonly ZoneCoverageView[],
  places: number,
): Card[] {
  if (places < 1) return [];
  const troubled = cameras
    .filter(({ health }) => STATE_ORDER[health.state] < STATE_ORDER.online)
    .toSorted(
      (a, b) => STATE_ORDER[a.health.state] - STATE_ORDER[b.health.state] || a.health.sinceMs - b.health.sinceMs,
    );
  const shareOf = (zone: ZoneView): number => coverage.find(({ zoneId }) => zoneId === zone.id)?.coveredShare ?? 0;
  const ordered = zones.toSorted(
    (a, b) => RISK_ORDER[a.riskLevel] - RISK_ORDER[b.riskLevel] || shareOf(a) - shareOf(b),
  );
  // One place is always a zone's: what is not seen matters most while cameras are down.
  const forCameras = Math.max(1, places - Math.min(2, ordered.length));
  const cards = cameraCards(troubled, forCameras);
  const rest = ordered.slice(0, places - cards.length).map((zone): Card => ({
    kind: 'zone',
    key: zone.id,
    zone,
    coverage: coverage.find(({ zoneId }) => zoneId === zone.id),
  }));
  return [...cards, ...rest];
}

function cameraCards(troubled: readonly CameraView[], places: number): Card[] {
  const fits = troubled.length <= places;
  const alone = fits ? troubled : troubled.slice(0, places - 1);
  const cards = alone.map((camera): Card => ({ kind: 'camera', key: camera.id, camera }));
  return fits ? cards : [...cards, { kind: 'more', key: 'more', cameras: troubled.slice(places - 1) }];
}

/** A camera that is away has a card of its own already. */
function alarmCards(waiting: readonly AlarmView[], cameras: readonly CameraView[], places: number): Card[] {
  const told = waiting.filter(({ kind }) => kind !== 'camera-offline').toReversed();
  const fits = told.length <= places;
  const cards = (fits ? told : told.slice(0, places - 1)).map((alarm): Card => {
    return { kind: 'alarm', key: alarm.id, alarm, camera: cameras.find(({ id }) => id === alarm.cameraId) };
  });
  return fits ? cards : [...cards, { kind: 'more-alarms', key: 'more-alarms', alarms: told.slice(places - 1) }];
}
