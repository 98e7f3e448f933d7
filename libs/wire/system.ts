import { z } from 'zod';
import { FIX_AGES } from '#libs/avl';

/**
 * `GET /health/ready`. `degraded`: the api serves, but no relay has spoken lately, so pictures stand still. Only
 * `unavailable` is answered with 503.
 */
export const readinessView = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable']),
  checks: z.object({
    database: z.boolean(),
    /** Every migration of this version is applied. */
    migrations: z.boolean(),
    relay: z.boolean(),
  }),
});
export type ReadinessView = z.infer<typeof readinessView>;

/** What a relay can do with ffmpeg; it may be missing, and then there are no snapshots and no conversions. */
export const ffmpegReport = z.object({
  available: z.boolean(),
  canConvert: z.boolean(),
  /** Conversions that run now, and how many may at once. */
  conversions: z.number().int(),
  maxConversions: z.number().int(),
});
export type FfmpegReport = z.infer<typeof ffmpegReport>;

/** How the last of something went, milliseconds; `count` 0 when there was none. */
const durations = z.object({ count: z.number().int(), medianMs: z.number(), p95Ms: z.number(), maxMs: z.number() });

/** `GET /api/health/system`: what the system page shows. `null` where the database did not answer. */
export const systemView = z.object({
  api: z.object({
    version: z.string(),
    nodeVersion: z.string(),
    startedAtMs: z.number(),
    memoryMb: z.number(),
    openSockets: z.number().int(),
  }),
  database: z.object({ latencyMs: z.number(), version: z.string(), sizeMb: z.number() }).nullable(),
  relays: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      startedAtMs: z.number(),
      /** Milliseconds since it last spoke, by the database's clock. */
      heartbeatAgeMs: z.number(),
      alive: z.boolean(),
      /** `null`: it has not said. */
      ffmpeg: ffmpegReport.nullable(),
    }),
  ),
  /** Positions that this process was told since it started. */
  positions: z.object({
    devices: z.number().int(),
    /** How many by `live`, `late` or the code of their refusal. */
    outcomes: z.record(z.string(), z.number().int()),
    waiting: z.number().int(),
    storing: durations,
    units: z.record(z.enum(FIX_AGES), z.number().int()),
  }),
  /** The ledger as this process writes or hears it. */
  ledger: z.object({
    head: z.number().int(),
    writesHere: z.boolean(),
    appended: z.number().int(),
    waiting: z.number().int(),
    commands: durations,
  }),
  /** The disk that holds the data folder. */
  disk: z.object({ freeMb: z.number(), totalMb: z.number() }).nullable(),
  serverNowMs: z.number(),
});
export type SystemView = z.infer<typeof systemView>;
