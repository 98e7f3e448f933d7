import type { LineKind } from './line.ts';

export type HlsKind = Extract<LineKind, 'hls' | 'll-hls'>;

/**
 * A low-latency player holds one or two requests open all the time, and a browser opens six HTTP/1.1 connections to a host: a
 * wall of players in clear would starve itself. Over HTTPS the relay speaks HTTP/2, where requests share one connection.
 */
export function canPlayLowLatency(playlistUrl: string): boolean {
  return new URL(playlistUrl).protocol === 'https:';
}

export function playlistFor(playlistUrl: string, kind: HlsKind): string {
  const url = new URL(playlistUrl);
  if (kind === 'hls') url.searchParams.set('ll', '0');
  return url.href;
}
