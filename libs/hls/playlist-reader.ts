/** A media playlist as a player reads it: the counterpart of `playlist.ts`, for checks. Knows every tag that we write. */

export interface ReadPart {
  readonly uri: string;
  readonly durationS: number;
  readonly isIndependent: boolean;
}

export interface ReadSegment {
  readonly sequence: number;
  /** Undefined for the segment that still grows. */
  readonly uri: string | undefined;
  /** `EXTINF`; undefined for the segment that still grows. */
  readonly durationS: number | undefined;
  readonly parts: readonly ReadPart[];
  readonly map: string | undefined;
  readonly dateMs: number | undefined;
  readonly isDiscontinuous: boolean;
}

export type Attributes = Readonly<Record<string, string>>;

export interface ReadPlaylist {
  readonly version: number;
  readonly targetS: number;
  readonly partTargetS: number | undefined;
  readonly control: Attributes | undefined;
  /** `EXT-X-INDEPENDENT-SEGMENTS`: every segment can be decoded by itself. */
  readonly hasIndependentSegments: boolean;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /** `EXT-X-SKIP`: segments at the front that are not repeated. */
  readonly skipped: number;
  /** Complete ones; the first has the number `mediaSequence + skipped`. */
  readonly segments: readonly ReadSegment[];
  readonly open: ReadSegment | undefined;
  readonly hint: string | undefined;
  readonly reports: readonly Attributes[];
}

/** Thrown for text that is no playlist: the message names the line. */
export class PlaylistError extends Error {}

type Draft = { -readonly [K in keyof ReadPlaylist]: ReadPlaylist[K] };
type SegmentDraft = { -readonly [K in keyof ReadSegment]: ReadSegment[K] } & { parts: ReadPart[] };

const MAX_CHARS = 4 * 1024 * 1024;
/** `NAME=value`, the value quoted or not (RFC 8216 §4.2). */
const ATTRIBUTE = /([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)/gy;

/** @throws PlaylistError */
export function readPlaylist(text: string): ReadPlaylist {
  if (text.length > MAX_CHARS) throw new PlaylistError(`more than ${MAX_CHARS} characters`);
  const lines = text.split(/\r?\n/);
  if (lines[0] !== '#EXTM3U') throw new PlaylistError('the first line is not #EXTM3U (§4.3.1.1)');
  return new Reader().read(lines.slice(1));
}

/** A delta update with what `before` knew of the segments that it leaves out (rfc8216bis §6.2.5.1). */
export function expandDelta(before: ReadPlaylist, delta: ReadPlaylist): ReadPlaylist {
  const known = new Map(before.segments.map((segment) => [segment.sequence, segment]));
  const skipped = Array.from({ length: delta.skipped }, (_, index) => {
    const segment = known.get(delta.mediaSequence + index);
    if (!segment) throw new PlaylistError(`segment ${delta.mediaSequence + index} is skipped and was never seen`);
    // Parts are listed near the end only, and a segment that may be skipped is far from it.
    return { ...segment, parts: [] };
  });
  const map = skipped.at(-1)?.map;
  const rest = carried(delta.segments, map);
  const [open] = delta.open ? carried([delta.open], rest.at(-1)?.map ?? map) : [];
  return { ...delta, skipped: 0, segments: [...skipped, ...rest], open };
}

/** `EXT-X-MAP` holds until the next one. */
function carried(segments: readonly ReadSegment[], before: string | undefined): ReadSegment[] {
  let map = before;
  return segments.map((segment) => {
    map = segment.map ?? map;
    return { ...segment, map };
  });
}

class Reader {
  private readonly playlist: Draft = {
    version: 1,
    targetS: Number.NaN,
    partTargetS: undefined,
    control: undefined,
    hasIndependentSegments: false,
    mediaSequence: 0,
    discontinuitySequence: 0,
    skipped: 0,
    segments: [],
    open: undefined,
    hint: undefined,
    reports: [],
  };
  private readonly segments: ReadSegment[] = [];
  private readonly reports: Attributes[] = [];
  private map: string | undefined;
  private draft: SegmentDraft = this.emptySegment();
  private hasTags = false;

  read(lines: readonly string[]): ReadPlaylist {
    for (const [index, line] of lines.entries()) {
      try {
        if (line.startsWith('#EXT')) this.tag(line);
        else if (line !== '' && !line.startsWith('#')) this.address(line);
      } catch (error) {
        throw new PlaylistError(`line ${index + 2}: ${(error as Error).message}`);
      }
    }
    if (!(this.playlist.targetS >= 0)) throw new PlaylistError('EXT-X-TARGETDURATION is missing (§4.3.3.1)');
    const open = this.hasTags ? { ...this.draft, sequence: this.nextSequence() } : undefined;
    return { ...this.playlist, segments: this.segments, reports: this.reports, open };
  }

  private tag(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1);
    TAGS[name]?.(this.playlist, value);
    this.segmentTag(name, value);
    if (name === '#EXT-X-RENDITION-REPORT') this.reports.push(attributesOf(value));
  }

  private segmentTag(name: string, value: string): void {
    if (name === '#EXT-X-MAP') this.map = required(attributesOf(value), 'URI');
    else if (name === '#EXT-X-DISCONTINUITY') this.draft.isDiscontinuous = true;
    else if (name === '#EXT-X-PROGRAM-DATE-TIME') this.draft.dateMs = dateOf(value);
    else if (name === '#EXTINF') this.draft.durationS = decimal(value.split(',')[0]!);
    else if (name === '#EXT-X-PART') this.draft.parts.push(partOf(attributesOf(value)));
    else return;
    this.draft.map = this.map;
    this.hasTags = true;
  }

  private address(uri: string): void {
    if (this.draft.durationS === undefined) throw new PlaylistError('an address without EXTINF (§4.3.2.1)');
    this.segments.push({ ...this.draft, uri, map: this.map, sequence: this.nextSequence() });
    this.draft = this.emptySegment();
    this.hasTags = false;
  }

  private nextSequence(): number {
    return this.playlist.mediaSequence + this.playlist.skipped + this.segments.length;
  }

  private emptySegment(): SegmentDraft {
    return {
      sequence: 0,
      uri: undefined,
      durationS: undefined,
      parts: [],
      map: this.map,
      dateMs: undefined,
      isDiscontinuous: false,
    };
  }
}

const TAGS: Readonly<Record<string, (playlist: Draft, value: string) => void>> = {
  '#EXT-X-VERSION': (playlist, value) => (playlist.version = whole(value)),
  '#EXT-X-TARGETDURATION': (playlist, value) => (playlist.targetS = whole(value)),
  '#EXT-X-MEDIA-SEQUENCE': (playlist, value) => (playlist.mediaSequence = whole(value)),
  '#EXT-X-DISCONTINUITY-SEQUENCE': (playlist, value) => (playlist.discontinuitySequence = whole(value)),
  '#EXT-X-SERVER-CONTROL': (playlist, value) => (playlist.control = attributesOf(value)),
  '#EXT-X-PART-INF': (playlist, value) =>
    (playlist.partTargetS = decimal(required(attributesOf(value), 'PART-TARGET'))),
  '#EXT-X-INDEPENDENT-SEGMENTS': (playlist) => (playlist.hasIndependentSegments = true),
  '#EXT-X-SKIP': (playlist, value) => (playlist.skipped = whole(required(attributesOf(value), 'SKIPPED-SEGMENTS'))),
  '#EXT-X-PRELOAD-HINT': (playlist, value) => (playlist.hint = required(attributesOf(value), 'URI')),
};

function attributesOf(value: string): Attributes {
  const found: Record<string, string> = {};
  let end = 0;
  for (const match of value.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(found, match[1]!)) throw new PlaylistError(`${match[1]} stands there twice (§4.2)`);
    found[match[1]!] = match[2]!.replace(/^"|"$/g, '');
    end = match.index + match[0].length;
  }
  if (end !== value.length) throw new PlaylistError(`not an attribute list: ${value.slice(end)}`);
  return found;
}

function partOf(attributes: Attributes): ReadPart {
  return {
    uri: required(attributes, 'URI'),
    durationS: decimal(required(attributes, 'DURATION')),
    isIndependent: attributes['INDEPENDENT'] === 'YES',
  };
}

function required(attributes: Attributes, name: string): string {
  const value = attributes[name];
  if (value === undefined) throw new PlaylistError(`${name} is missing`);
  return value;
}

function whole(text: string): number {
  if (!/^\d{1,20}$/.test(text)) throw new PlaylistError(`"${text}" is no whole number`);
  return Number(text);
}

function decimal(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new PlaylistError(`"${text}" is no decimal number`);
  return Number(text);
}

function dateOf(text: string): number {
  const dateMs = Date.parse(text);
  if (Number.isNaN(dateMs)) throw new PlaylistError(`"${text}" is no date`);
  return dateMs;
}
