import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSecureContext } from 'node:tls';
import { reasonOf } from '#libs/base';
import { parseMasterKey } from '#libs/secret';
import type { TlsPair } from './listener.ts';
import { redirectNetworks } from './redirect-networks.ts';

/** What the environment says. The only reader of `process.env` in this process. */
export interface RelayConfig {
  /** 0: the system chooses, and the log says which. */
  readonly port: number;
  /** Certificate and key: HTTPS with HTTP/2. Undefined: HTTP/1.1 in clear. */
  readonly tls: TlsPair | undefined;
  /** Processes that share this relay's work, each a relay of its own; 1: this process does it. */
  readonly workers: number;
  /** Least video that live playlists hold. */
  readonly windowS: number;
  /** Where publishers (RTMP) come in; undefined: nowhere. */
  readonly rtmpPort: number | undefined;
  /** Address that devices are told instead of this machine's, without a trailing slash. */
  readonly rtmpUrl: string | undefined;
  /** Whether it speaks for cameras that send by themselves: of several workers the one that has the RTMP port. */
  readonly takesPushed: boolean;
  readonly relayId: string;
  /** Address that browsers use; `{host}` stands for the host name of their own request. Undefined: made from the port. */
  readonly publicUrl: string | undefined;
  readonly masterKey: Buffer;
  /** Whether a camera may redirect us to this other host. */
  readonly mayRedirectTo: (host: string) => boolean;
  readonly cameras: CameraSourceConfig;
  readonly ffmpeg: FfmpegConfig;
  readonly logLevel: LogLevel;
  /** Of the package, for those who look at several relays. */
  readonly version: string;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `path` undefined: found on PATH. */
export type FfmpegConfig =
  | { readonly isWanted: false; readonly maxConversions: 0 }
  | { readonly isWanted: true; readonly path: string | undefined; readonly maxConversions: number };

export type CameraSourceConfig =
  | { readonly kind: 'postgres'; readonly databaseUrl: string }
  /** A JSON file instead of the database: benchmarks, and trying a camera without an installation. */
  | { readonly kind: 'file'; readonly path: string };

/** Says which setting is wrong, what it is and what is allowed. Never holds a secret's value. */
export class ConfigError extends Error {}

const DEFAULT_PORT = 8081;
/** IANA "macromedia-fcs"; devices assume it when an address names none (Adobe RTMP 1.0 §2). */
const DEFAULT_RTMP_PORT = 1935;
const MAX_WINDOW_S = 300;
/** The api's security headers name as many ports. */
const MAX_WORKERS = 8;
/** Stands for the number of the worker in an address. */
const WORKER_MARK = '{worker}';
const MAX_CONVERSIONS = 32;
/** Each takes up to a core: half of the machine stays for everything else, and more than this is a decision of somebody. */
const MAX_USUAL_CONVERSIONS = 4;
const RELAY_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;

export async function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RelayConfig> {
  return {
    port: portOf(env['ATALAYA_RELAY_PORT']),
    tls: await tlsOf(env['ATALAYA_RELAY_TLS_CERT'], env['ATALAYA_RELAY_TLS_KEY']),
    workers: workersOf(env['ATALAYA_RELAY_WORKERS'], env['ATALAYA_RELAY_URL'], env['ATALAYA_RELAY_CAMERAS']),
    windowS: windowOf(env['ATALAYA_RELAY_WINDOW_S']),
    rtmpPort: rtmpPortOf(env['ATALAYA_RTMP_PORT']),
    rtmpUrl: rtmpUrlOf(env['ATALAYA_RTMP_URL']),
    takesPushed: true,
    relayId: relayIdOf(env['ATALAYA_RELAY_ID']),
    publicUrl: publicUrlOf(env['ATALAYA_RELAY_URL']),
    masterKey: await masterKeyOf(env['ATALAYA_KEY'], env['ATALAYA_DATA'] || './data'),
    mayRedirectTo: redirectsOf(env['ATALAYA_CAMERA_NETWORKS']),
    cameras: camerasOf(env['ATALAYA_RELAY_CAMERAS'], env['DATABASE_URL']),
    ffmpeg: ffmpegOf(env['ATALAYA_FFMPEG'], env['ATALAYA_TRANSCODES']),
    logLevel: logLevelOf(env['ATALAYA_LOG_LEVEL']),
    version: await packageVersion(dirname(fileURLToPath(import.meta.url))),
  };
}

/** The same for the worker of a number, from 1: its own name, port and address. The first takes publishers in. */
export function configOfWorker(config: RelayConfig, worker: number): RelayConfig {
  return {
    ...config,
    workers: 1,
    relayId: `${config.relayId}-w${worker}`,
    port: config.port === 0 ? 0 : config.port + worker - 1,
    publicUrl: config.publicUrl?.replaceAll(WORKER_MARK, String(worker)),
    rtmpPort: worker === 1 ? config.rtmpPort : undefined,
    takesPushed: worker === 1,
    ffmpeg: ffmpegOfWorker(config.ffmpeg, config.workers),
  };
}

/** Conversions are shared out, at least one for each; none stays none. */
function ffmpegOfWorker(config: FfmpegConfig, workers: number): FfmpegConfig {
  if (!config.isWanted || config.maxConversions === 0) return config;
  return { ...config, maxConversions: Math.max(1, Math.floor(config.maxConversions / workers)) };
}

function portOf(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new ConfigError(`ATALAYA_RELAY_PORT must be 0..65535, got "${text}"`);
  return port;
}

function rtmpPortOf(text: string | undefined): number | undefined {
  if (!text) return DEFAULT_RTMP_PORT;
  if (text === '0' || text.toLowerCase() === 'off') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new ConfigError(`ATALAYA_RTMP_PORT must be 1..65535, 0 or off, got "${text}"`);
  return port;
}

function rtmpUrlOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!/^rtmps?:\/\/[^\s/?#]+\/live\/?$/.test(text))
    throw new ConfigError('ATALAYA_RTMP_URL must be like rtmp://host:port/live');
  return text.replace(/\/+$/, '');
}

/**
 * One process carries 300 cameras of 2 Mbit/s on a fifth of a core and 1,000 on less than one, so a second one pays only
 * beyond that, or with hundreds of viewers; and api, PostgreSQL and transcoding need cores too. So one up to seven cores, then one for
 * each four. Fixed addresses and camera files are for one process unless told otherwise.
 */
function workersOf(text: string | undefined, url: string | undefined, file: string | undefined): number {
  const isForOne = Boolean(file) || (Boolean(url) && !url!.includes(WORKER_MARK));
  if (!text) return isForOne ? 1 : Math.min(MAX_WORKERS, Math.max(1, Math.floor(availableParallelism() / 4)));
  const workers = /^\d$/.test(text) ? Number(text) : Number.NaN;
  if (!(workers >= 1 && workers <= MAX_WORKERS)) {
    throw new ConfigError(`ATALAYA_RELAY_WORKERS must be 1..${MAX_WORKERS}, got "${text}"`);
  }
  if (workers > 1 && isForOne) {
    throw new ConfigError(
      `ATALAYA_RELAY_WORKERS above 1 needs the database and, with ATALAYA_RELAY_URL, ${WORKER_MARK} in it: each has an address of its own`,
    );
  }
  return workers;
}

/** The least that players need, RFC 8216 §6.2.2, is held in any case. */
function windowOf(text: string | undefined): number {
  if (!text) return 0;
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= MAX_WINDOW_S)) {
    throw new ConfigError(`ATALAYA_RELAY_WINDOW_S must be 0..${MAX_WINDOW_S} seconds, got "${text}"`);
  }
  return seconds;
}

async function tlsOf(certPath: string | undefined, keyPath: string | undefined): Promise<TlsPair | undefined> {
  if (!certPath && !keyPath) return undefined;
  if (!certPath || !keyPath) {
    throw new ConfigError('ATALAYA_RELAY_TLS_CERT and ATALAYA_RELAY_TLS_KEY are set both or neither');
  }
  const pair = {
    cert: await pemOf(certPath, 'ATALAYA_RELAY_TLS_CERT'),
    key: await pemOf(keyPath, 'ATALAYA_RELAY_TLS_KEY'),
  };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new ConfigError(`ATALAYA_RELAY_TLS_CERT and ATALAYA_RELAY_TLS_KEY cannot be used: ${reasonOf(error)}`);
  }
  return pair;
}

async function pemOf(path: string, name: string): Promise<Buffer> {
  const content = await readFile(path).catch(() => undefined);
  if (!content) throw new ConfigError(`${name}: ${path} cannot be read`);
  return content;
}

function ffmpegOf(program: string | undefined, conversions: string | undefined): FfmpegConfig {
  const maxConversions = conversionsOf(conversions);
  if (program === '0') return { isWanted: false, maxConversions: 0 };
  return { isWanted: true, path: program || undefined, maxConversions };
}

function conversionsOf(text: string | undefined): number {
  if (!text) return Math.max(1, Math.min(MAX_USUAL_CONVERSIONS, Math.floor(availableParallelism() / 2)));
  const count = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= MAX_CONVERSIONS)) {
    throw new ConfigError(`ATALAYA_TRANSCODES must be 0..${MAX_CONVERSIONS}, got "${text}"`);
  }
  return count;
}

function relayIdOf(text: string | undefined): string {
  const id = text || 'relay-1';
  if (!RELAY_ID.test(id)) throw new ConfigError(`ATALAYA_RELAY_ID must match ${RELAY_ID.source}, got "${id}"`);
  return id;
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!/^https?:\/\/[^\s?#]+$/.test(text))
    throw new ConfigError('ATALAYA_RELAY_URL must be an http(s) address without query');
  return text.replace(/\/+$/, '');
}

function redirectsOf(text: string | undefined): (host: string) => boolean {
  const networks = redirectNetworks(text);
  if (!networks)
    throw new ConfigError('ATALAYA_CAMERA_NETWORKS must be a list of networks like 10.0.0.0/8,192.168.7.0/24');
  return networks;
}

function logLevelOf(text: string | undefined): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (text || 'info'));
  if (!level) throw new ConfigError(`ATALAYA_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, got "${text}"`);
  return level;
}

function camerasOf(file: string | undefined, databaseUrl: string | undefined): CameraSourceConfig {
  if (file) return { kind: 'file', path: file };
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL is not set (or ATALAYA_RELAY_CAMERAS for a relay without database)');
  return { kind: 'postgres', databaseUrl };
}

/** `ATALAYA_KEY`, else the file that `npm start` makes. */
async function masterKeyOf(text: string | undefined, dataFolder: string): Promise<Buffer> {
  if (text) return parsedKey(text, 'ATALAYA_KEY');
  const path = join(dataFolder, 'keys', 'master.key');
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) throw new ConfigError(`ATALAYA_KEY is not set and ${path} cannot be read`);
  return parsedKey(content, path);
}

function parsedKey(text: string, source: string): Buffer {
  const key = parseMasterKey(text);
  if (!key) throw new ConfigError(`${source} does not hold a key of 32 bytes as hex or base64`);
  return key;
}

/** The nearest package.json above: sources and built files lie at different depths. */
async function packageVersion(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text !== undefined) return String((JSON.parse(text) as { version?: unknown }).version ?? 'unknown');
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : packageVersion(parent);
}
