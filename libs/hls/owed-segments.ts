import type { ReadPlaylist, ReadSegment } from './playlist-reader.ts';

interface Owed {
  readonly uri: string;
  readonly durationS: number;
  /** Longest playlist seen with it in. */
  longestS: number;
  /** When it was seen to have left; undefined while it is listed. */
  leftMs: number | undefined;
}

/** Most that are remembered: an hour of segments of a second. */
const MAX_OWED = 3_600;

/**
 * What a live playlist still owes to those who read it: a segment that has left it stays available for its own duration plus
 * that of the longest playlist which had it (RFC 8216 §6.2.2). Does no I/O: it is shown playlists, and says what to fetch.
 */
export class OwedSegments {
  private readonly segments = new Map<number, Owed>();

  /** @param nowMs when the playlist was asked for: what is missing in it left after that, or an answer before */
  saw(playlist: ReadPlaylist, nowMs: number): void {
    const totalS = [...playlist.segments, ...(playlist.open ? [playlist.open] : [])].reduce(
      (sum, segment) => sum + (segment.durationS ?? partsOf(segment)),
      0,
    );
    for (const segment of playlist.segments) this.listed(segment, totalS);
    for (const [sequence, owed] of this.segments) {
      if (sequence < playlist.mediaSequence) owed.leftMs ??= nowMs;
    }
  }

  /** Those that are not listed and must be there at `nowMs`, and still `aheadMs` later at most; each once. */
  takeDue(nowMs: number, aheadMs: number): string[] {
    const due: string[] = [];
    for (const [sequence, { uri, leftMs, durationS, longestS }] of this.segments) {
      if (leftMs === undefined) continue;
      const restMs = leftMs + (durationS + longestS) * 1_000 - nowMs;
      if (restMs > aheadMs) continue;
      if (restMs >= 0) due.push(uri);
      this.segments.delete(sequence);
    }
    return due;
  }

  /** All that left and must still be there at `nowMs`, by number. */
  owedAt(nowMs: number): number[] {
    return [...this.segments].flatMap(([sequence, { leftMs, durationS, longestS }]) =>
      leftMs !== undefined && nowMs < leftMs + (durationS + longestS) * 1_000 ? [sequence] : [],
    );
  }

  private listed(segment: ReadSegment, totalS: number): void {
    const known = this.segments.get(segment.sequence);
    if (known) known.longestS = Math.max(known.longestS, totalS);
    else if (segment.uri !== undefined && segment.durationS !== undefined) {
      const { uri, durationS } = segment;
      this.segments.set(segment.sequence, { uri, durationS, longestS: totalS, leftMs: undefined });
    }
    for (const oldest of this.segments.keys()) {
      if (this.segments.size <= MAX_OWED) return;
      this.segments.delete(oldest);
    }
  }
}

function partsOf(segment: ReadSegment): number {
  return segment.parts.reduce((sum, part) => sum + part.durationS, 0);
}
