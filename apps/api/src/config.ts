import { existsSync, readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_AGE_BOUNDS, DEFAULT_FIX_BOUNDS, type AgeBounds, type FixBounds } from '#libs/avl';
import { parseMasterKey } from '#libs/secret';

/** Injection token of {@link ApiConfig}. */
export const API_CONFIG = Symbol('API_CONFIG');

/** Everything that the api is told from outside, read once at start. */
export interface ApiConfig {
  /** TCP port of the api on all addresses; 0 lets the system choose (tests). */
  readonly port: number;
  /** Absolute path of the folder that holds keys, logins of the demonstration and the embedded database. */
  readonly dataFolder: string;
  readonly databaseUrl: string;
  /** Connections that this process may hold at once. */
  readonly databasePoolSize: number;
  /** 32 bytes; never used itself, only keys derived from it (libs/secret). */
  readonly masterKey: Buffer;
  readonly relayPort: number;
  /**
   * Fixed addresses of the relays for browsers, `{worker}` standing for a worker's number. None: the host of the browser's
   * request with {@link relayPort} and those after it.
   */
  readonly relayUrls: readonly string[];
  /** A demonstration town runs beside the api. The supervisor decides it and passes it on. */
  readonly demonstration: boolean;
  /** Networks in CIDR notation in which a camera address may lie, unless an administrator widens them. */
  readonly cameraNetworks: readonly string[];
  /** A login ends after this time without a request. */
  readonly sessionIdleMs: number;
  /** A login ends this long after it began, used or not. */
  readonly sessionMaxMs: number;
  /** Rows of logins that are over are kept this long. */
  readonly sessionKeepMs: number;
  /** How many reverse proxies in front are believed about the client's address and scheme. */
  readonly trustedProxies: number;
  readonly map: MapConfig;
  readonly positions: PositionsConfig;
  /** Folder of the built console (Vite output). */
  readonly consoleFolder: string;
  readonly logLevel: string;
  /** Whose documents these are: the first line of every printed page. */
  readonly municipality: string;
}

export interface MapConfig {
  /** Absolute path of a local `.pmtiles` file, or `null`. */
  readonly pmtilesFile: string | null;
  /** Address template of online tiles (`https://…/{z}/{x}/{y}.png`), or `null`. */
  readonly tilesUrl: string | null;
  readonly attribution: string;
  readonly centre: { readonly latitudeDeg: number; readonly longitudeDeg: number };
  /** Zoom of the whole town, as tile pyramids count it. */
  readonly zoom: number;
}

export interface PositionsConfig {
  /** What of a device is believed. */
  readonly fixBounds: FixBounds;
  /** When a mark fades, and when a unit is without signal. */
  readonly ageBounds: AgeBounds;
  /** Where a unit was is personal data of its crew (Ley 29733): it is dropped after so many days. */
  readonly trackKeepDays: number;
}

/** A setting is missing or wrong. The message names the variable, the rule and (unless it is a secret) the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** RFC 1918 §3, RFC 3927 (link-local), RFC 4193 (unique local) and RFC 4291 §2.5.6. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'];
/** Where the simulated cameras live; never reachable from a real installation. */
const LOOPBACK_NETWORKS = ['127.0.0.0/8', '::1/128'];

const HOUR_MS = 3_600_000;

const port = (fallback: number): z.ZodType<number> => z.coerce.number().int().min(0).max(65_535).default(fallback);
const hours = (fallback: number): z.ZodType<number> => z.coerce.number().min(0.01).max(8_760).default(fallback);
const flag = z.enum(['0', '1', 'true', 'false', 'on', 'off']).transform((text) => ['1', 'true', 'on'].includes(text));
const webUrl = z.url({ protocol: /^https?$/ }).max(500);
/** Several, comma-separated, where relays on several machines have addresses of their own. */
const relayUrls = z
  .string()
  .max(4_000)
  .transform((text) => text.split(',').map((url) => url.trim()))
  .refine((urls) => urls.every((url) => webUrl.safeParse(url.replaceAll('{worker}', '1')).success), {
    error: 'not http(s) addresses, comma-separated',
  });

const environment = z.object({
  ATALAYA_PORT: port(8080),
  ATALAYA_DATA: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }),
  ATALAYA_DB_POOL: z.coerce.number().int().min(2).max(200).default(12),
  ATALAYA_KEY: z.string().optional(),
  ATALAYA_RELAY_PORT: port(8081),
  ATALAYA_RELAY_URL: relayUrls.optional(),
  ATALAYA_DEMO: flag.default(false),
  ATALAYA_CAMERA_NETWORKS: z.string().max(2_000).optional(),
  ATALAYA_SESSION_IDLE_HOURS: hours(12),
  ATALAYA_SESSION_MAX_HOURS: hours(720),
  ATALAYA_SESSION_KEEP_DAYS: z.coerce.number().min(1).max(3_650).default(90),
  ATALAYA_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  ATALAYA_MUNICIPALITY: z.string().trim().min(1).max(120).default('Municipalidad Provincial de Ilo'),
  ATALAYA_MAP_PMTILES: z.string().max(1_000).optional(),
  ATALAYA_MAP_TILES: webUrl
    .refine((url) => ['{z}', '{x}', '{y}'].every((part) => url.includes(part)), 'must hold {z}, {x} and {y}')
    .optional(),
  ATALAYA_MAP_ATTRIBUTION: z.string().max(300).default(''),
  ATALAYA_MAP_CENTRE: z
    .string()
    .regex(/^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$/, 'must be latitude,longitude in degrees')
    .default('-17.6459,-71.3453'),
  ATALAYA_MAP_ZOOM: z.coerce.number().min(1).max(20).default(14),
  ATALAYA_FIX_STALE_S: z.coerce
    .number()
    .int()
    .min(5)
    .max(3_600)
    .default(DEFAULT_AGE_BOUNDS.staleAfterMs / 1_000),
  ATALAYA_FIX_LOST_S: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(DEFAULT_AGE_BOUNDS.lostAfterMs / 1_000),
  ATALAYA_FIX_MAX_ACCURACY_M: z.coerce.number().min(10).max(10_000).default(DEFAULT_FIX_BOUNDS.maxAccuracyM),
  ATALAYA_FIX_MAX_SPEED_KMH: z.coerce.number().min(50).max(1_000).default(DEFAULT_FIX_BOUNDS.maxSpeedKmh),
  ATALAYA_FIX_MAX_AGE_HOURS: z.coerce
    .number()
    .min(1)
    .max(168)
    .default(DEFAULT_FIX_BOUNDS.maxAgeMs / HOUR_MS),
  ATALAYA_TRACK_KEEP_DAYS: z.coerce.number().int().min(8).max(366).default(62),
  ATALAYA_CONSOLE: z.string().min(1).default('./dist/console'),
  ATALAYA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
type Environment = z.infer<typeof environment>;

/**
 * Reads and checks the settings.
 * @throws {ConfigError} naming every variable that is wrong, in one message.
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>> = process.env): ApiConfig {
  const given = readVariables(variables);
  const dataFolder = resolve(given.ATALAYA_DATA);
  return {
    port: given.ATALAYA_PORT,
    dataFolder,
    databaseUrl: given.DATABASE_URL,
    databasePoolSize: given.ATALAYA_DB_POOL,
    masterKey: readMasterKey(given.ATALAYA_KEY, join(dataFolder, 'keys', 'master.key')),
    relayPort: given.ATALAYA_RELAY_PORT,
    relayUrls: given.ATALAYA_RELAY_URL ?? [],
    demonstration: given.ATALAYA_DEMO,
    cameraNetworks: readCameraNetworks(given),
    sessionIdleMs: given.ATALAYA_SESSION_IDLE_HOURS * HOUR_MS,
    sessionMaxMs: given.ATALAYA_SESSION_MAX_HOURS * HOUR_MS,
    sessionKeepMs: given.ATALAYA_SESSION_KEEP_DAYS * 24 * HOUR_MS,
    trustedProxies: given.ATALAYA_TRUSTED_PROXIES,
    map: readMap(given),
    positions: readPositions(given),
    consoleFolder: resolve(given.ATALAYA_CONSOLE),
    logLevel: given.ATALAYA_LOG_LEVEL,
    municipality: given.ATALAYA_MUNICIPALITY,
  };
}

/** An empty variable counts as one that was not set: `ATALAYA_KEY= npm start` should not fail on an empty key. */
function readVariables(variables: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.entries(variables).filter(([, text]) => text !== undefined && text !== '');
  const parsed = environment.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`settings are wrong: ${problems.join('; ')}`);
}

function readMasterKey(text: string | undefined, file: string): Buffer {
  if (text === undefined && !existsSync(file)) {
    throw new ConfigError(`ATALAYA_KEY is not set and ${file} does not exist: 32 bytes as hex or base64 are needed`);
  }
  const key = parseMasterKey(text ?? readFileSync(file, 'utf8'));
  if (!key) throw new ConfigError(`${text === undefined ? file : 'ATALAYA_KEY'}: must be 32 bytes as hex or base64`);
  return key;
}

function readCameraNetworks(given: Environment): string[] {
  const networks = given.ATALAYA_CAMERA_NETWORKS?.split(',').map((text) => text.trim()) ?? PRIVATE_NETWORKS;
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong !== undefined)
    throw new ConfigError(`ATALAYA_CAMERA_NETWORKS: "${wrong}" is not a network like 10.0.0.0/8`);
  return given.ATALAYA_DEMO ? [...networks, ...LOOPBACK_NETWORKS] : [...networks];
}

function isNetwork(text: string): boolean {
  const [address, bits, rest] = text.split('/');
  if (!address || !bits || rest !== undefined || !/^\d{1,3}$/.test(bits)) return false;
  try {
    new BlockList().addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

function readMap(given: Environment): MapConfig {
  const file = given.ATALAYA_MAP_PMTILES === undefined ? null : resolve(given.ATALAYA_MAP_PMTILES);
  if (file !== null && !existsSync(file)) throw new ConfigError(`ATALAYA_MAP_PMTILES: ${file} does not exist`);
  const [latitudeDeg = 0, longitudeDeg = 0] = given.ATALAYA_MAP_CENTRE.split(',').map(Number);
  return {
    centre: { latitudeDeg, longitudeDeg },
    zoom: given.ATALAYA_MAP_ZOOM,
    pmtilesFile: file,
    tilesUrl: given.ATALAYA_MAP_TILES ?? null,
    attribution: given.ATALAYA_MAP_ATTRIBUTION,
  };
}

function readPositions(given: Environment): PositionsConfig {
  const { ATALAYA_FIX_STALE_S: staleS, ATALAYA_FIX_LOST_S: lostS } = given;
  if (lostS <= staleS) throw new ConfigError(`ATALAYA_FIX_LOST_S: must be more than ATALAYA_FIX_STALE_S (${staleS})`);
  return {
    fixBounds: {
      ...DEFAULT_FIX_BOUNDS,
      maxAccuracyM: given.ATALAYA_FIX_MAX_ACCURACY_M,
      maxSpeedKmh: given.ATALAYA_FIX_MAX_SPEED_KMH,
      maxAgeMs: given.ATALAYA_FIX_MAX_AGE_HOURS * HOUR_MS,
    },
    ageBounds: { staleAfterMs: staleS * 1_000, lostAfterMs: lostS * 1_000 },
    trackKeepDays: given.ATALAYA_TRACK_KEEP_DAYS,
  };
}
