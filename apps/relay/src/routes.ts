import { isUuid } from '#libs/base';
import { STREAM_ROLES, type StreamRole } from '#libs/wire';

/** What a request line asks for. */
export type Route =
  | { readonly name: 'live' | 'ready' | 'metrics' }
  | { readonly name: 'hls'; readonly cameraId: string; readonly stream: StreamRole; readonly file: HlsFile };

export type HlsFile =
  | { readonly kind: 'playlist' }
  | { readonly kind: 'init'; readonly number: number }
  | { readonly kind: 'segment'; readonly number: number };

export interface Target {
  readonly route: Route;
  /** As it stands in the query, when it consists of what tickets consist of. */
  readonly ticket: string | undefined;
}

const MAX_TARGET_CHARS = 1024;
const HLS_PATH = /^\/hls\/([0-9a-f-]{36})\/([a-z]{3,4})\/(?:(index\.m3u8)|init-(\d{1,12})\.mp4|seg-(\d{1,12})\.m4s)$/;
const TICKET = /^[A-Za-z0-9_.-]{1,512}$/;

const FIXED: Readonly<Record<string, Route>> = {
  '/health/live': { name: 'live' },
  '/health/ready': { name: 'ready' },
  '/metrics': { name: 'metrics' },
};

/** Reads a request target (RFC 9112 §3.2.1, origin form). Undefined: there is nothing at this address. */
export function parseTarget(target: string): Target | undefined {
  if (target.length > MAX_TARGET_CHARS) return undefined;
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const route = Object.hasOwn(FIXED, path) ? FIXED[path] : hlsRoute(path);
  return route && { route, ticket: mark < 0 ? undefined : ticketOf(target.slice(mark + 1)) };
}

function hlsRoute(path: string): Route | undefined {
  const match = HLS_PATH.exec(path);
  if (!match) return undefined;
  const [, cameraId, role, playlist, init, segment] = match;
  const stream = STREAM_ROLES.find((known) => known === role);
  if (!stream || cameraId === undefined || !isUuid(cameraId)) return undefined;
  return { name: 'hls', cameraId, stream, file: fileOf(playlist, init, segment) };
}

function fileOf(playlist: string | undefined, init: string | undefined, segment: string | undefined): HlsFile {
  if (playlist !== undefined) return { kind: 'playlist' };
  return init === undefined ? { kind: 'segment', number: Number(segment) } : { kind: 'init', number: Number(init) };
}

function ticketOf(query: string): string | undefined {
  for (const pair of query.split('&')) {
    if (pair.startsWith('ticket=')) return TICKET.test(pair.slice(7)) ? pair.slice(7) : undefined;
  }
  return undefined;
}
