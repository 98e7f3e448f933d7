import type { CameraView, ZoneCoverageView, ZoneView } from '#libs/wire';

export type Card =
  | { readonly kind: 'camera'; readonly key: string; readonly camera: CameraView }
  | {
      readonly kind: 'zone';
      readonly key: string;
      readonly zone: ZoneView;
      readonly coverage: ZoneCoverageView | undefined;
    }
  | { readonly kind: 'more'; readonly key: string; readonly cameras: readonly CameraView[] };

const RISK_ORDER = { high: 0, medium: 1, low: 2 } as const;
const STATE_ORDER = { offline: 0, degraded: 1, connecting: 2, online: 3 } as const;

/** The wall's bottom cards, at most `places`: troubled cameras (worst and oldest first), then zones (least seen first). */
export function cardsOf(
  cameras: readonly CameraView[],
  zones: readonly ZoneView[],
  coverage: readonly ZoneCoverageView[],
  places: number,
): Card[] {
  if (places < 1) return [];
  const troubled = cameras
    .filter(({ health }) => health.state !== 'online')
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
