export { AudioPackager, type AudioUnit } from './audio-packager.ts';
export { judgeDelivery, readDelivery, type Delivery } from './delivery.ts';
export { bandwidthOf, masterPlaylist, type AudioRendition, type Variant } from './master-playlist.ts';
export { BlockPool, Lease, MediaMemory } from './media-memory.ts';
export {
  DEFAULT_PACKAGING,
  Packager,
  type PackagerOptions,
  type PackagingRule,
  type SegmentFollower,
} from './packager.ts';
export { PlaylistChecker, type Violation } from './playlist-checker.ts';
export {
  PlaylistError,
  expandDelta,
  readPlaylist,
  type ReadPart,
  type ReadPlaylist,
  type ReadSegment,
} from './playlist-reader.ts';
export {
  initName,
  lowLatencyPlaylist,
  mediaPlaylist,
  partName,
  segmentName,
  type LowLatencyOptions,
  type RenditionReport,
} from './playlist.ts';
export type { RecalledUnit } from './recall.ts';
export { OwedSegments } from './owed-segments.ts';
export { DEFAULT_WINDOW, SegmentWindow, type WindowRule } from './segment-window.ts';
export { BlockPart, type Part, type Segment } from './segment.ts';
export { TargetDuration } from './target-duration.ts';
