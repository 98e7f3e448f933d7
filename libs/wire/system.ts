import { z } from 'zod';

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
  /** The disk that holds the data folder. */
  disk: z.object({ freeMb: z.number(), totalMb: z.number() }).nullable(),
  serverNowMs: z.number(),
});
export type SystemView = z.infer<typeof systemView>;
