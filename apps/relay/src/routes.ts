import { isUuid } from '#libs/base';
import { STREAM_ROLES, type StreamRole } from '#libs/wire';

/** What a request line asks for. */
export type Route =
  | { readonly name: 'live' | 'ready' | 'metrics' | 'peer' }
  | { readonly name: 'hls-master'; readonly cameraId: string }
  | { readonly name: 'snapshot'; readonly cameraId: string }
  | {
      readonly name: 'hls';
      readonly cameraId: string;
      readonly stream: StreamRole;
      readonly track: Track;
      readonly file: HlsFile;
    };

/** A stream's pictures, or its sound as a rendition of its own. */
export type Track = 'video' | 'audio';

export type HlsFile =
  | { readonly kind: 'playlist' }
  | { readonly kind: 'init'; readonly number: number }
  | { readonly kind: 'segment'; readonly number: number }
  /** `index` from 0 within segment `number`. */
  | { readonly kind: 'part'; readonly number: number; readonly index: number };

export interface Target {
  readonly route: Route;
  /** As it stands in the query, when it consists of what tickets consist of. */
  readonly ticket: string | undefined;
  /** The first value of a name in the query, as it stands there; undefined when the name is not there. */
  value(name: string): string | undefined;
}

/** A playlist's address may carry the tickets of two streams. */
const MAX_TARGET_CHARS = 2_048;
const MASTER_PATH = /^\/hls\/([0-9a-f-]{36})\/index\.m3u8$/;
const SNAPSHOT_PATH = /^\/snapshot\/([0-9a-f-]{36})$/;
const HLS_PATH =
  /^\/hls\/([0-9a-f-]{36})\/([a-z]{3,4})\/(audio\/)?(?:(index\.m3u8)|init-(\d{1,12})\.mp4|seg-(\d{1,12})\.m4s|part-(\d{1,12})-(\d{1,6})\.m4s)$/;
const TICKET = /^[A-Za-z0-9_.-]{1,512}$/;

const FIXED: Readonly<Record<string, Route>> = {
  '/health/live': { name: 'live' },
  '/health/ready': { name: 'ready' },
  '/metrics': { name: 'metrics' },
  '/peer': { name: 'peer' },
};

/** Reads a request target (RFC 9112 §3.2.1, origin form). Undefined: there is nothing at this address. */
export function parseTarget(target: string): Target | undefined {
  if (target.length > MAX_TARGET_CHARS) return undefined;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const route = Object.hasOwn(FIXED, path) ? FIXED[path] : (cameraRoute(path) ?? hlsRoute(path));
  if (!route) return undefined;
  const pairs = mark < 0 ? [] : target.slice(mark + 1).split('&');
  const value = (name: string): string | undefined => {
    const pair = pairs.find((each) => each.startsWith(`${name}=`));
    return pair?.slice(name.length + 1);
  };
  return { route, ticket: ticketIn(value('ticket')), value };
}

/** A ticket of other characters than tickets have is none: it is written into playlists as it came. */
export function ticketIn(text: string | undefined): string | undefined {
  return text !== undefined && TICKET.test(text) ? text : undefined;
}

function cameraRoute(path: string): Route | undefined {
  const name = SNAPSHOT_PATH.test(path) ? 'snapshot' : 'hls-master';
  const cameraId = (name === 'snapshot' ? SNAPSHOT_PATH : MASTER_PATH).exec(path)?.[1];
  return cameraId !== undefined && isUuid(cameraId) ? { name, cameraId } : undefined;
}

function hlsRoute(path: string): Route | undefined {
  const match = HLS_PATH.exec(path);
  if (!match) return undefined;
  const [, cameraId, role, audio, ...file] = match;
  const stream = STREAM_ROLES.find((known) => known === role);
  if (!stream || cameraId === undefined || !isUuid(cameraId)) return undefined;
  return { name: 'hls', cameraId, stream, track: audio === undefined ? 'video' : 'audio', file: fileOf(file) };
}

function fileOf([playlist, init, segment, partOf, part]: readonly (string | undefined)[]): HlsFile {
  if (playlist !== undefined) return { kind: 'playlist' };
  if (init !== undefined) return { kind: 'init', number: Number(init) };
  if (segment !== undefined) return { kind: 'segment', number: Number(segment) };
  return { kind: 'part', number: Number(partOf), index: Number(part) };
}
