import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ApiConfig } from '../config.ts';

/**
 * Headers of every answer. The policy names exactly what the console needs: its own scripts, its own socket, pictures
 * and video from the relay (another port of the same host, or {@link ApiConfig.relayUrls}), map tiles from the configured
 * host, workers that hls.js makes from blobs, and style attributes, by which Leaflet places its tiles.
 */
export function securityHeaders(config: ApiConfig): RequestHandler {
  const relay = relaySources(config);
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...relay, ...tileSources(config)],
        connectSrc: ["'self'", 'ws:', 'wss:', ...relay],
        mediaSrc: ["'self'", 'blob:', ...relay],
        workerSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // The centre's own network often has no https: a browser that was once told to insist would lock itself out.
    strictTransportSecurity: false,
    // Means nothing without https, and the browser says so in the console at every page.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
  });
}

/** Workers of a relay have the ports that follow its own; as many as the relay allows (`ATALAYA_RELAY_WORKERS`). */
const MAX_WORKERS = 8;

/** The relay's host is the one that the browser addressed, which the policy cannot name: only the ports are fixed. */
function relaySources({ relayUrls, relayPort }: ApiConfig): string[] {
  const numbers = Array.from({ length: MAX_WORKERS }, (_none, index) => index);
  if (relayUrls.length === 0) {
    const ports = numbers.map((index) => relayPort + index).filter((port) => port <= 65_535);
    return ports.flatMap((port) => [`http://*:${port}`, `https://*:${port}`]);
  }
  const urls = relayUrls.flatMap((url) => numbers.map((index) => url.replaceAll('{worker}', String(index + 1))));
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

/** `https://{s}.tile.example/{z}/{x}/{y}.png` allows `https://*.tile.example`. */
function tileSources({ map }: ApiConfig): string[] {
  if (map.tilesUrl === null) return [];
  const origin = /^https?:\/\/[^/]+/.exec(map.tilesUrl)?.[0] ?? '';
  return [origin.replace('{s}', '*')];
}
