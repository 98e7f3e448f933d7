import type { AudioFormat, TrackFormat } from '#libs/codec';
import type { SegmentWindow } from './segment-window.ts';

/** One stream of a camera in its master playlist. */
export interface Variant {
  /** Of its media playlist, relative to the master's. */
  readonly uri: string;
  readonly format: TrackFormat;
  readonly bitsPerSecond: number;
  /** As measured; undefined: not known yet. */
  readonly framesPerSecond: number | undefined;
  readonly audio?: AudioRendition;
}

/** A stream's audio, where it is enabled and comes. */
export interface AudioRendition {
  /** Of its media playlist, relative to the master's. */
  readonly uri: string;
  /** Of the stream: `main`. */
  readonly name: string;
  readonly format: AudioFormat;
  readonly bitsPerSecond: number;
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
  const audio = bySize.flatMap((variant) => (variant.audio ? [mediaLine(variant.audio)] : []));
  return `${['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, ...audio, ...lines].join('\n')}\n`;
}

/** §4.3.4.1. One group for each stream: a player that changes the stream changes its sound with it. */
function mediaLine({ uri, name, format }: AudioRendition): string {
  const group = `GROUP-ID="${groupOf(name)}",NAME="${name}",DEFAULT=YES,AUTOSELECT=YES`;
  return `#EXT-X-MEDIA:TYPE=AUDIO,${group},CHANNELS="${format.channels}",URI="${uri}"`;
}

function groupOf(name: string): string {
  return `audio-${name}`;
}

function attributes({ format, bitsPerSecond, framesPerSecond, audio }: Variant): string {
  const codecs = audio ? `${format.codecString},${audio.format.codecString}` : format.codecString;
  const list = [
    `BANDWIDTH=${Math.round(bitsPerSecond + (audio?.bitsPerSecond ?? 0))}`,
    `CODECS="${codecs}"`,
    `RESOLUTION=${format.widthPx}x${format.heightPx}`,
  ];
  if (framesPerSecond !== undefined) list.push(`FRAME-RATE=${framesPerSecond.toFixed(3)}`);
  if (audio) list.push(`AUDIO="${groupOf(audio.name)}"`);
  return list.join(',');
}
