export { BlockPool, Lease, MediaMemory } from './media-memory.ts';
export { DEFAULT_PACKAGING, Packager, type PackagerOptions, type PackagingRule } from './packager.ts';
export { initName, mediaPlaylist, segmentName } from './playlist.ts';
export type { RecalledUnit } from './recall.ts';
export { DEFAULT_WINDOW, SegmentWindow, type Part, type Segment, type WindowRule } from './segment-window.ts';
