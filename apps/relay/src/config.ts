import { readFile } from 'node:fs/promises';
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
  /** Least video that live playlists hold. */
  readonly windowS: number;
  readonly relayId: string;
  /** Address that browsers use; `{host}` stands for the host name of their own request. Undefined: made from the port. */
  readonly publicUrl: string | undefined;
  readonly masterKey: Buffer;
  /** Whether a camera may redirect us to this other host. */
  readonly mayRedirectTo: (host: string) => boolean;
  readonly cameras: CameraSourceConfig;
  readonly logLevel: LogLevel;
  /** Of the package, for those who look at several relays. */
  readonly version: string;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type CameraSourceConfig =
  | { readonly kind: 'postgres'; readonly databaseUrl: string }
  /** A JSON file instead of the database: benchmarks, and trying a camera without an installation. */
  | { readonly kind: 'file'; readonly path: string };

/** Says which setting is wrong, what it is and what is allowed. Never holds a secret's value. */
export class ConfigError extends Error {}

const DEFAULT_PORT = 8081;
const MAX_WINDOW_S = 300;
const RELAY_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;

export async function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RelayConfig> {
  return {
    port: portOf(env['ATALAYA_RELAY_PORT']),
    tls: await tlsOf(env['ATALAYA_RELAY_TLS_CERT'], env['ATALAYA_RELAY_TLS_KEY']),
    windowS: windowOf(env['ATALAYA_RELAY_WINDOW_S']),
    relayId: relayIdOf(env['ATALAYA_RELAY_ID']),
    publicUrl: publicUrlOf(env['ATALAYA_RELAY_URL']),
    masterKey: await masterKeyOf(env['ATALAYA_KEY'], env['ATALAYA_DATA'] || './data'),
    mayRedirectTo: redirectsOf(env['ATALAYA_CAMERA_NETWORKS']),
    cameras: camerasOf(env['ATALAYA_RELAY_CAMERAS'], env['DATABASE_URL']),
    logLevel: logLevelOf(env['ATALAYA_LOG_LEVEL']),
    version: await packageVersion(dirname(fileURLToPath(import.meta.url))),
  };
}

function portOf(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new ConfigError(`ATALAYA_RELAY_PORT must be 0..65535, got "${text}"`);
  return port;
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
