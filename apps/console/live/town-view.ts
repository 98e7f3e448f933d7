import { useMemo } from 'react';
import type { CameraView, ZoneCoverageView, ZoneView } from '#libs/wire';
import { useCoverage } from './queries.ts';
import { useSorted, useTopic } from './services.tsx';
import type { TopicState } from './topic-store.ts';

export interface TownView {
  readonly camerasState: TopicState<'cameras'>;
  readonly zonesState: TopicState<'zones'>;
  readonly cameras: readonly CameraView[];
  readonly zones: readonly ZoneView[];
  readonly coverage: readonly ZoneCoverageView[];
}

/** What every page that shows the town follows: cameras, zones and how much of them is seen. */
export function useTownView(): TownView {
  const camerasState = useTopic('cameras');
  const zonesState = useTopic('zones');
  const cameras = useSorted(camerasState, (camera) => camera.code);
  const zones = useSorted(zonesState, (zone) => zone.name);
  const stamp = useMemo(() => coverageStamp(cameras, zones), [cameras, zones]);
  const coverage = useCoverage(stamp).data ?? NONE;
  return { camerasState, zonesState, cameras, zones, coverage };
}

const NONE: readonly ZoneCoverageView[] = [];

/** Changes when the answer to "what is seen" can change, and not with each measured bitrate. */
export function coverageStamp(cameras: readonly CameraView[], zones: readonly ZoneView[]): string {
  const seen = cameras.map(({ id, health, place, bearingDeg, fieldOfViewDeg, rangeM }) =>
    [
      id,
      health.state === 'offline' ? 0 : 1,
      place?.latitudeDeg,
      place?.longitudeDeg,
      bearingDeg,
      fieldOfViewDeg,
      rangeM,
    ].join(),
  );
  return [...seen, ...zones.map(({ id, ring }) => `${id}${ring.join()}`)].join(';');
}
