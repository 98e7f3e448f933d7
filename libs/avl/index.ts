export { FIX_CODES, KMH_PER_KNOT, KMH_PER_MPS, REPORT_CAPS, type DeviceReport, type Fix, type FixCode } from './fix.ts';
export { parseOsmAnd } from './osmand.ts';
export { parseTraccarClient } from './traccar-client.ts';
export { parseOwnTracks } from './owntracks.ts';
export {
  DEFAULT_AGE_BOUNDS,
  DEFAULT_FIX_BOUNDS,
  FIX_AGES,
  ageOf,
  judgeFix,
  type AgeBounds,
  type FixAge,
  type FixBounds,
  type FixVerdict,
} from './fix-filter.ts';
export { UnitFixes } from './unit-fixes.ts';
export {
  FENCE_MARGIN_M,
  FenceIndex,
  crossings,
  distanceToRingM,
  fencesAt,
  type FenceCrossing,
  type Geofence,
} from './geofence.ts';
export { DEFAULT_TRACK_BOUNDS, TrackMeter, measureTrack, type TrackBounds, type TrackMetrics } from './track.ts';
export { gpxOf } from './track-file.ts';
