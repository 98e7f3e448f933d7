import { TIMESCALE } from '#libs/fmp4';
import type { SegmentWindow } from './segment-window.ts';
import type { Segment } from './segment.ts';

/** Version 7: `EXT-X-MAP` without `EXT-X-I-FRAMES-ONLY` wants 6 (RFC 8216 §7), fractions in `EXTINF` want 3. */
const PLAIN_VERSION = 7;
/** Version 9: `EXT-X-SKIP` (draft-pantos-hls-rfc8216bis §8). Delta and full playlists are of one version. */
const LOW_LATENCY_VERSION = 9;

/** §4.4.3.8: least multiples of the target durations. */
const HOLD_BACK_TARGETS = 3;
const PART_HOLD_BACK_TARGETS = 3;
const SKIP_BOUNDARY_TARGETS = 6;
/** Parts are listed up to this many target durations from the end (§4.4.4.9 asks for three at least). */
const PARTS_LISTED_TARGETS = 3;

/** Where another rendition of the camera is: `EXT-X-RENDITION-REPORT`, §4.4.5.4. */
export interface RenditionReport {
  /** Relative to this playlist's own address, as the master playlist writes it. */
  readonly uri: string;
  readonly window: SegmentWindow;
}

export interface LowLatencyOptions {
  /** Leaves out segments that the reader has (`_HLS_skip`), when there are any so old. */
  readonly skips?: boolean;
  readonly reports?: readonly RenditionReport[];
}

/**
 * The media playlist of a live stream (RFC 8216 §4.3). `query` is put behind every address without being looked at: it
 * carries the reader's ticket, so that segments are as closed as the playlist.
 */
export function mediaPlaylist(window: SegmentWindow, query: string): string {
  window.distribute();
  const text = new PlaylistText(window, query);
  text.header(PLAIN_VERSION, []);
  for (const segment of window.listed) text.segment(segment, false);
  return text.end();
}

/**
 * The same with parts, blocking reload, preload hint and delta updates (draft-pantos-hls-rfc8216bis §4.4, appendix B.1). Only
 * for a window that {@link SegmentWindow.beginsWithParts}.
 */
export function lowLatencyPlaylist(window: SegmentWindow, query: string, options: LowLatencyOptions = {}): string {
  window.distribute();
  const text = new PlaylistText(window, query);
  const { listed, open } = window;
  text.header(LOW_LATENCY_VERSION, controlLines(window));
  const skipped = options.skips === true ? skippable(window) : 0;
  if (skipped > 0) text.lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  const partsFrom = window.listedTicks - PARTS_LISTED_TARGETS * window.targetSeconds * TIMESCALE;
  let endTicks = 0;
  for (const [index, segment] of listed.entries()) {
    endTicks += segment.durationTicks;
    if (index < skipped) text.pass(segment);
    else text.segment(segment, endTicks > partsFrom);
  }
  if (open) text.open(open);
  for (const report of options.reports ?? []) text.lines.push(reportLine(report));
  return text.end();
}

class PlaylistText {
  readonly lines: string[] = [];
  private readonly suffix: string;
  private initNumber: number | undefined;

  constructor(
    private readonly window: SegmentWindow,
    query: string,
  ) {
    this.suffix = query === '' ? '' : `?${query}`;
  }

  header(version: number, control: readonly string[]): void {
    this.lines.push(
      '#EXTM3U',
      `#EXT-X-VERSION:${version}`,
      `#EXT-X-TARGETDURATION:${this.window.targetSeconds}`,
      ...control,
      `#EXT-X-MEDIA-SEQUENCE:${this.window.mediaSequence}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${this.window.discontinuitySequence}`,
    );
  }

  /** A segment that is left out: what it sets holds for those that follow it (§6.2.5.1). */
  pass(segment: Segment): void {
    this.initNumber = segment.initNumber;
  }

  segment(segment: Segment, withParts: boolean): void {
    this.before(segment);
    if (withParts) this.parts(segment);
    this.lines.push(`#EXTINF:${seconds(segment.durationTicks)},`, `${segmentName(segment.sequence)}${this.suffix}`);
  }

  /** The segment that grows: its parts, and the one that comes next. One that breaks with what was shows itself first. */
  open(segment: Segment): void {
    if (segment.parts.length === 0 && segment.isDiscontinuous) return;
    if (segment.parts.length > 0) this.before(segment);
    this.parts(segment);
    const next = partName(segment.sequence, segment.parts.length);
    this.lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${next}${this.suffix}"`);
  }

  end(): string {
    return `${this.lines.join('\n')}\n`;
  }

  /** Tags of §4.3.2 that stand before a segment's address and before its first part (§4.4.4.9). */
  private before(segment: Segment): void {
    if (segment.isDiscontinuous) this.lines.push('#EXT-X-DISCONTINUITY');
    if (segment.initNumber !== this.initNumber) {
      this.lines.push(`#EXT-X-MAP:URI="${initName(segment.initNumber)}${this.suffix}"`);
    }
    this.initNumber = segment.initNumber;
    this.lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startsAtMs).toISOString()}`);
  }

  private parts(segment: Segment): void {
    for (const [index, part] of segment.parts.entries()) {
      const address = `URI="${partName(segment.sequence, index)}${this.suffix}"`;
      const independent = part.isIndependent ? ',INDEPENDENT=YES' : '';
      this.lines.push(`#EXT-X-PART:DURATION=${seconds(part.durationTicks)},${address}${independent}`);
    }
  }
}

function controlLines(window: SegmentWindow): string[] {
  const target = window.targetSeconds;
  const partTarget = (window.partTargetTicks ?? 0) / TIMESCALE;
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${SKIP_BOUNDARY_TARGETS * target}`,
    `HOLD-BACK=${HOLD_BACK_TARGETS * target}`,
    `PART-HOLD-BACK=${(PART_HOLD_BACK_TARGETS * partTarget).toFixed(3)}`,
  ];
  return [`#EXT-X-SERVER-CONTROL:${control.join(',')}`, `#EXT-X-PART-INF:PART-TARGET=${partTarget.toFixed(3)}`];
}

/** Segments at the front whose distance from the end is more than the Skip Boundary (§6.2.5.1). */
function skippable(window: SegmentWindow): number {
  let remaining = window.listedTicks - SKIP_BOUNDARY_TARGETS * window.targetSeconds * TIMESCALE;
  let count = 0;
  for (const segment of window.listed) {
    remaining -= segment.durationTicks;
    if (remaining < 0) break;
    count++;
  }
  return count;
}

/** Its last part: of the segment that grows, or of the one that was closed last. */
function reportLine({ uri, window }: RenditionReport): string {
  const isOpen = (window.open?.parts.length ?? 0) > 0;
  const last = isOpen ? window.open : window.listed.at(-1);
  const sequence = last?.sequence ?? window.lastClosed;
  return `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${sequence},LAST-PART=${Math.max(0, (last?.parts.length ?? 0) - 1)}`;
}

function seconds(ticks: number): string {
  return (ticks / TIMESCALE).toFixed(5);
}

export function initName(number: number): string {
  return `init-${number}.mp4`;
}

export function segmentName(sequence: number): string {
  return `seg-${sequence}.m4s`;
}

/** @param index from 0 within its segment */
export function partName(sequence: number, index: number): string {
  return `part-${sequence}-${index}.m4s`;
}
