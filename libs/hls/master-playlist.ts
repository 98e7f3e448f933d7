import type { TrackFormat } from '#libs/codec';
import type { SegmentWindow } from './segment-window.ts';

/** One stream of a camera in its master playlist. */
export interface Variant {
  /** Of its media playlist, relative to the master's. */
  readonly uri: string;
  readonly format: TrackFormat;
  readonly bitsPerSecond: number;
  /** As measured; undefined: not known yet. */
  readonly framesPerSecond: number | undefined;
}

const VERSION = 7;
/** Above the highest segment seen: the next one may be a little larger, and `BANDWIDTH` is a bound (RFC 8216 §4.3.4.2). */
const HEADROOM = 1.2;
const ROUND_TO = 10_000;

/** What `BANDWIDTH` says of a stream; undefined before its first segment is closed. */
export function bandwidthOf(window: SegmentWindow): number | undefined {
  const peak = window.peakBitsPerSecond;
  return peak > 0 ? Math.ceil((peak * HEADROOM) / ROUND_TO) * ROUND_TO : undefined;
}

/** RFC 8216 §4.3.4.2. The first variant is the one that players begin with: the smallest. */
export function masterPlaylist(variants: readonly Variant[]): string {
  const bySize = [...variants].sort((a, b) => a.bitsPerSecond - b.bitsPerSecond);
  const lines = bySize.flatMap((variant) => [`#EXT-X-STREAM-INF:${attributes(variant)}`, variant.uri]);
  return `${['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS', ...lines].join('\n')}\n`;
}

function attributes({ format, bitsPerSecond, framesPerSecond }: Variant): string {
  const list = [
    `BANDWIDTH=${Math.round(bitsPerSecond)}`,
    `CODECS="${format.codecString}"`,
    `RESOLUTION=${format.widthPx}x${format.heightPx}`,
  ];
  if (framesPerSecond !== undefined) list.push(`FRAME-RATE=${framesPerSecond.toFixed(3)}`);
  return list.join(',');
}
