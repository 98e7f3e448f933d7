import type { Segment, SegmentWindow } from './segment-window.ts';

const TICKS_A_SECOND = 90_000;

/** Version 7: `EXT-X-MAP` without `EXT-X-I-FRAMES-ONLY` wants 6 (RFC 8216 §7), fractions in `EXTINF` want 3. */
const VERSION = 7;

/**
 * The media playlist of a live stream (RFC 8216 §4.3). `query` is put behind every address without being looked at: it
 * carries the reader's ticket, so that segments are as closed as the playlist.
 */
export function mediaPlaylist(window: SegmentWindow, query: string): string {
  const suffix = query === '' ? '' : `?${query}`;
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${window.targetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${window.mediaSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${window.discontinuitySequence}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ];
  let initNumber: number | undefined;
  for (const segment of window.listed) {
    lines.push(...segmentLines(segment, segment.initNumber !== initNumber, suffix));
    initNumber = segment.initNumber;
  }
  return `${lines.join('\n')}\n`;
}

/** Tags of §4.3.2 that stand before a segment's address, in the order that §4.3.2 describes their reach. */
function segmentLines(segment: Segment, needsMap: boolean, suffix: string): string[] {
  const lines: string[] = [];
  if (segment.isDiscontinuous) lines.push('#EXT-X-DISCONTINUITY');
  if (needsMap) lines.push(`#EXT-X-MAP:URI="${initName(segment.initNumber)}${suffix}"`);
  lines.push(
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startsAtMs).toISOString()}`,
    `#EXTINF:${(segment.durationTicks / TICKS_A_SECOND).toFixed(5)},`,
    `${segmentName(segment.sequence)}${suffix}`,
  );
  return lines;
}

export function initName(number: number): string {
  return `init-${number}.mp4`;
}

export function segmentName(sequence: number): string {
  return `seg-${sequence}.m4s`;
}
