import { createHash } from 'node:crypto';
import { readFragment } from './fragment-reader.ts';
import { judgePlaylist } from './playlist-rules.ts';
import {
  PlaylistError,
  expandDelta,
  readPlaylist,
  type ReadPart,
  type ReadPlaylist,
  type ReadSegment,
} from './playlist-reader.ts';

/** A rule that was broken: `rule` is a stable code, `message` says where and with which numbers. */
export interface Violation {
  readonly rule: string;
  readonly message: string;
}

const MAX_KEPT = 200;
/** Facts about segments and addresses are forgotten this many segments after they were last listed. */
const MEMORY_SEGMENTS = 1_000;
/** Durations are written with five decimals. */
const ROUNDING_S = 0.000_02;

/**
 * Watches one live playlist over time and holds it to what RFC 8216 and draft-pantos-hls-rfc8216bis demand of servers. Does no I/O: it
 * is shown playlists in the order in which they came, and bytes of what they list.
 */
export class PlaylistChecker {
  readonly violations: Violation[] = [];
  /** Of every rule, those that are not kept in {@link violations} too. */
  readonly counts = new Map<string, number>();
  playlists = 0;
  private last: ReadPlaylist | undefined;
  private readonly segments = new Map<number, ReadSegment>();
  private readonly addresses = new Map<string, string>();
  private readonly digests = new Map<string, string>();
  private readonly parts = new Map<string, Buffer>();

  get latest(): ReadPlaylist | undefined {
    return this.last;
  }

  /** A full playlist. Undefined: it cannot be read. */
  see(text: string): ReadPlaylist | undefined {
    return this.reading(() => this.take(readPlaylist(text)));
  }

  /** A delta update: with what is known it has to be a playlist like any other. */
  seeDelta(text: string): ReadPlaylist | undefined {
    return this.reading(() => {
      const delta = readPlaylist(text);
      if (delta.skipped === 0) return this.take(delta);
      this.skipBoundary(delta);
      return this.take(expandDelta(this.last ?? delta, delta));
    });
  }

  /** A full playlist and a delta update of the same moment, and what the reader knew before: both must say the same. */
  compare(before: ReadPlaylist, full: string, delta: string): void {
    this.reading(() => {
      const expected = JSON.stringify(readPlaylist(full));
      const got = JSON.stringify(expandDelta(before, readPlaylist(delta)));
      this.demand(got === expected, 'delta-differs', `full says ${expected}, the delta update ${got}`);
    });
  }

  /** Bytes behind an address of the playlist. The same address must always give the same bytes. */
  fetched(uri: string, bytes: Buffer): void {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const known = this.digests.get(uri);
    this.demand(known === undefined || known === digest, 'media-changed', `${uri} gave other bytes than before`);
    this.digests.set(uri, digest);
    forgetOld(this.digests);
  }

  /** A part's bytes: what they hold against what the playlist says of them. */
  fetchedPart(part: ReadPart, bytes: Buffer): void {
    this.fetched(part.uri, bytes);
    this.parts.set(part.uri, bytes);
    forgetOld(this.parts, 200);
    const fragment = readFragment(bytes);
    if (!fragment) return this.demand(false, 'part-unreadable', `${part.uri} is no fragment`);
    const { hasKey, durationS } = fragment;
    const said = part.isIndependent ? 'YES' : 'not given';
    this.demand(
      hasKey === part.isIndependent,
      'part-independent',
      `${part.uri}: INDEPENDENT is ${said}, key frame inside: ${hasKey} (§4.4.4.9)`,
    );
    this.demand(
      Math.abs(durationS - part.durationS) < ROUNDING_S,
      'part-duration',
      `${part.uri}: ${part.durationS} s said, ${durationS} s inside`,
    );
  }

  /** A closed segment's bytes: those of its parts one after another. */
  fetchedSegment(segment: ReadSegment, bytes: Buffer): void {
    this.fetched(segment.uri!, bytes);
    const parts = segment.parts.map((part) => this.parts.get(part.uri));
    if (parts.length === 0 || parts.some((part) => part === undefined)) return;
    const same = Buffer.concat(parts as Buffer[]).equals(bytes);
    this.demand(same, 'parts-differ', `${segment.uri} is not what its parts are together (§4.4.4.9)`);
  }

  /** Something listed that could not be fetched (RFC 8216 §6.2.2). */
  missing(uri: string, why: string): void {
    this.demand(false, 'listed-missing', `${uri}: ${why}`);
  }

  demand(holds: boolean, rule: string, message: string): void {
    if (holds) return;
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
    if (this.violations.length < MAX_KEPT) this.violations.push({ rule, message });
  }

  private reading<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PlaylistError)) throw error;
      this.demand(false, 'unreadable', error.message);
      return undefined;
    }
  }

  private take(playlist: ReadPlaylist): ReadPlaylist {
    this.playlists++;
    judgePlaylist(playlist, this.last, (holds, rule, message) => this.demand(holds, rule, message));
    for (const segment of playlist.segments) this.remember(segment);
    if (playlist.open) this.remember(playlist.open);
    this.last = playlist;
    return playlist;
  }

  /** Nothing that was said of a segment is ever said differently. */
  private remember(segment: ReadSegment): void {
    const known = this.segments.get(segment.sequence);
    if (known) this.sameAs(known, segment);
    const parts = segment.parts.length > 0 ? segment.parts : (known?.parts ?? []);
    this.segments.set(segment.sequence, { ...segment, parts });
    forgetOld(this.segments, MEMORY_SEGMENTS);
    if (segment.uri !== undefined) this.addressOf(segment.uri, `segment ${segment.sequence}`);
    for (const [index, part] of segment.parts.entries()) this.addressOf(part.uri, `part ${segment.sequence}.${index}`);
  }

  private sameAs(known: ReadSegment, now: ReadSegment): void {
    for (const key of ['uri', 'durationS', 'map', 'dateMs', 'isDiscontinuous'] as const) {
      // While it grows it has neither address nor duration.
      const isNew = known.uri === undefined && (key === 'uri' || key === 'durationS');
      const same = isNew || known[key] === now[key];
      this.demand(
        same,
        'segment-changed',
        `segment ${now.sequence}: ${key} was ${known[key]}, is ${now[key]} (§6.2.1)`,
      );
    }
    for (const [index, part] of now.parts.entries()) {
      const before = known.parts[index];
      const same = !before || JSON.stringify(before) === JSON.stringify(part);
      this.demand(same, 'part-changed', `part ${now.sequence}.${index} was said differently before (§6.2.1)`);
    }
    const lost = now.parts.length > 0 && now.parts.length < known.parts.length;
    this.demand(!lost, 'part-lost', `segment ${now.sequence} had ${known.parts.length} parts, has ${now.parts.length}`);
  }

  private addressOf(uri: string, what: string): void {
    const known = this.addresses.get(uri);
    this.demand(known === undefined || known === what, 'address-reused', `${uri} was ${known}, is ${what}`);
    this.addresses.set(uri, what);
    forgetOld(this.addresses, MEMORY_SEGMENTS * 10);
  }

  private skipBoundary(delta: ReadPlaylist): void {
    const boundaryS = Number(delta.control?.['CAN-SKIP-UNTIL']);
    this.demand(boundaryS > 0, 'skip-unannounced', 'EXT-X-SKIP without CAN-SKIP-UNTIL (§4.4.5.2)');
    this.demand(delta.version >= 9, 'skip-version', `EXT-X-SKIP in version ${delta.version} (§8)`);
    const restS = durationOf(delta.segments) + durationOf(delta.open ? [delta.open] : []);
    this.demand(
      restS >= boundaryS - ROUNDING_S,
      'skip-boundary',
      `${restS} s are left, the boundary is ${boundaryS} s`,
    );
  }
}

function durationOf(segments: readonly ReadSegment[]): number {
  const partsOf = (segment: ReadSegment): number => segment.parts.reduce((sum, part) => sum + part.durationS, 0);
  return segments.reduce((sum, segment) => sum + (segment.durationS ?? partsOf(segment)), 0);
}

/** Maps keep their order: the oldest go first. */
function forgetOld<K>(map: Map<K, unknown>, keep = MEMORY_SEGMENTS * 10): void {
  for (const key of map.keys()) {
    if (map.size <= keep) return;
    map.delete(key);
  }
}
