export {
  FLAG_ARRIVAL,
  FLAG_DISCONTINUITY,
  FLAG_KEY,
  FLAG_MORE,
  FRAME_HEADER_BYTES,
  FRAME_KIND,
  MAX_FRAME_BYTES,
  initPayload,
  mimeTypeOf,
  noticePayload,
  readFrame,
  writeFrameHeader,
  type TileFrame,
  type TileNotice,
} from './frame.ts';
export { readFragmentTimes, type FragmentTimes } from './fragment-times.ts';
export { MAX_REQUEST_CHARS, MAX_TILE_NUMBER, MAX_TILES_PER_SOCKET, readRequest, type TileRequest } from './request.ts';
export { TileFeed, type TileFeedLimits, type TileFeedState } from './tile-feed.ts';
export { LIVE_LIMITS, Playhead, type PlayheadLimits, type PlayheadOrder, type PlayheadView } from './playhead.ts';
