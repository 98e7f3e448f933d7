import { systemClock } from '#libs/base';
import {
  OwedSegments,
  PlaylistChecker,
  type ReadPart,
  type ReadPlaylist,
  type ReadSegment,
  type Violation,
} from '#libs/hls';
import { pause } from '../e2e/pause.ts';
import { MediaFetcher } from './media-fetcher.ts';

/** All that is listed is fetched once more this often: what is listed can be had for as long as it is. */
const RECHECK_MS = 10_000;
/** What left the list is fetched once more this long before it may be gone: fetching takes its time. */
const OWED_AHEAD_MS = 1_000;
/** A plain playlist is read again after half of its target duration at the latest. */
const MAX_POLL_MS = 1_000;

export interface LiveReport {
  readonly playlists: number;
  readonly deltas: number;
  readonly parts: number;
  readonly segments: number;
  readonly hints: number;
  /** Segments that were fetched at the end of the time for which they are owed. */
  readonly owed: number;
  /** How long reloads were held open, ms, in rising order. */
  readonly heldMs: readonly number[];
  readonly violations: readonly Violation[];
  readonly counts: ReadonlyMap<string, number>;
}

/** Reads a live playlist as a player does, until told to end, and holds it and all that it lists to the rules. */
export async function checkLive(url: string, end: AbortSignal): Promise<LiveReport> {
  const run = new LiveRun(url);
  while (!end.aborted) await run.step();
  return run.report();
}

class LiveRun {
  private readonly checker = new PlaylistChecker();
  private readonly media: MediaFetcher;
  private readonly owedSegments = new OwedSegments();
  private readonly heldMs: number[] = [];
  private readonly listed = new Set<string>();
  private nextRecheckMs = systemClock.monotonicMs() + RECHECK_MS;
  private now: ReadPlaylist | undefined;
  private deltas = 0;
  private parts = 0;
  private segments = 0;
  private hints = 0;
  private owed = 0;

  constructor(private readonly url: string) {
    this.media = new MediaFetcher(url);
  }

  async step(): Promise<void> {
    const before = this.now;
    const askedMs = systemClock.monotonicMs();
    if (before?.partTargetS === undefined) await this.poll();
    else await this.reload(before);
    if (this.now && this.now !== before) this.owedSegments.saw(this.now, askedMs);
    await this.fetchOwed();
    if (this.now) await this.fetchNew(this.now);
    if (this.now && systemClock.monotonicMs() >= this.nextRecheckMs) await this.fetchAll(this.now);
  }

  report(): LiveReport {
    const { checker, deltas, parts, segments, hints, owed } = this;
    const { playlists, violations, counts } = checker;
    const heldMs = this.heldMs.toSorted((a, b) => a - b);
    return { playlists, deltas, parts, segments, hints, owed, heldMs, violations, counts };
  }

  private async poll(): Promise<void> {
    if (this.now) await pause(Math.min(MAX_POLL_MS, this.now.targetS * 500));
    const answer = await this.media.text(this.url);
    if (answer.ok) this.now = this.checker.see(answer.value) ?? this.now;
    else {
      this.checker.missing('the playlist', answer.problem);
      await pause(MAX_POLL_MS);
    }
  }

  /** The next part's playlist, whole and as a delta update, and the part itself, all held open until it is there. */
  private async reload(before: ReadPlaylist): Promise<void> {
    const next = nextOf(before);
    const startMs = systemClock.monotonicMs();
    const [full, delta] = await Promise.all([
      this.media.text(withQuery(this.url, next)),
      this.media.text(withQuery(this.url, `${next}&_HLS_skip=YES`)),
      before.hint === undefined ? undefined : this.hint(before.hint),
    ]);
    this.heldMs.push(systemClock.monotonicMs() - startMs);
    if (!full.ok) {
      this.checker.missing('the playlist', full.problem);
      await pause(MAX_POLL_MS);
      return;
    }
    this.now = this.checker.see(full.value) ?? before;
    if (delta.ok) this.compare(before, full.value, delta.value);
    else this.checker.missing('the delta update', delta.problem);
  }

  /** Answers of one moment only: one of the two may have been read a part later. */
  private compare(before: ReadPlaylist, full: string, delta: string): void {
    const isSkipping = delta.includes('#EXT-X-SKIP');
    const lastLine = (text: string): string => text.slice(text.lastIndexOf('\n#EXT-X-PRELOAD-HINT'));
    if (lastLine(full) !== lastLine(delta)) return;
    if (isSkipping) this.deltas++;
    this.checker.compare(before, full, delta);
  }

  private async hint(uri: string): Promise<void> {
    const answer = await this.media.keep(uri);
    if (answer.ok) this.hints++;
    else this.checker.missing(uri, `hinted at, ${answer.problem}`);
  }

  /** RFC 8216 §6.2.2: what left the list is there for its own and the playlist's duration. */
  private async fetchOwed(): Promise<void> {
    for (const uri of this.owedSegments.takeDue(systemClock.monotonicMs(), OWED_AHEAD_MS)) {
      await this.fetchOne(uri);
      this.owed++;
    }
  }

  private async fetchNew(now: ReadPlaylist): Promise<void> {
    for (const segment of listedIn(now)) {
      await this.fetchMap(segment);
      for (const part of segment.parts) if (this.isNew(part.uri)) await this.fetchPart(part);
      if (segment.uri !== undefined && this.isNew(segment.uri)) await this.fetchSegment(segment);
    }
    // What is old is not asked for again: addresses are never used twice.
    while (this.listed.size > 20_000) for (const uri of this.listed) if (this.listed.delete(uri)) break;
  }

  private async fetchMap(segment: ReadSegment): Promise<void> {
    if (segment.map !== undefined && this.isNew(segment.map)) await this.fetchOne(segment.map);
  }

  private async fetchPart(part: ReadPart): Promise<void> {
    const answer = await this.media.bytes(part.uri);
    this.parts++;
    if (answer.ok) this.checker.fetchedPart(part, answer.value);
    else this.checker.missing(part.uri, answer.problem);
  }

  private async fetchSegment(segment: ReadSegment): Promise<void> {
    const answer = await this.media.bytes(segment.uri!);
    this.segments++;
    if (answer.ok) this.checker.fetchedSegment(segment, answer.value);
    else this.checker.missing(segment.uri!, answer.problem);
  }

  private async fetchAll(now: ReadPlaylist): Promise<void> {
    this.nextRecheckMs = systemClock.monotonicMs() + RECHECK_MS;
    // What was read first may leave the list while it is fetched: the newest three target durations must not.
    const segments = listedIn(now).slice(-3);
    for (const { uri, parts, map } of segments) {
      for (const each of [map, uri, ...parts.map((part) => part.uri)])
        if (each !== undefined) await this.fetchOne(each);
    }
  }

  private async fetchOne(uri: string): Promise<void> {
    const answer = await this.media.bytes(uri);
    if (answer.ok) this.checker.fetched(uri, answer.value);
    else this.checker.missing(uri, answer.problem);
  }

  private isNew(uri: string): boolean {
    return this.listed.size < this.listed.add(uri).size;
  }
}

function listedIn(playlist: ReadPlaylist): ReadSegment[] {
  return playlist.open ? [...playlist.segments, playlist.open] : [...playlist.segments];
}

/** Delivery directives for what comes next (rfc8216bis §6.2.5.2). */
function nextOf(playlist: ReadPlaylist): string {
  const { open } = playlist;
  const sequence = open?.sequence ?? (playlist.segments.at(-1)?.sequence ?? playlist.mediaSequence - 1) + 1;
  return `_HLS_msn=${sequence}&_HLS_part=${open?.parts.length ?? 0}`;
}

function withQuery(url: string, more: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${more}`;
}
