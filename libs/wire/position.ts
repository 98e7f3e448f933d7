import { z } from 'zod';
import { place as point } from './camera.ts';
import { unitPositionView } from './dispatch-unit.ts';

const ms = z.number();
const instantMs = z.number().int().min(0).max(8.64e15);
/** Numbers come as text in a query. */
const queryMs = z.coerce.number().int().min(0).max(8.64e15);

export const POSITION_CAPS = {
  /** Fixes that a tablet sends in one message. */
  socketFixes: 50,
  /** Devices that may report for one unit at the same time. */
  devicesPerUnit: 8,
  trackFixes: 20_000,
  trackDays: 31,
  crossings: 500,
} as const;

/** `GET /api/units/:id/devices` (`unit:manage`). What a device did is counted since the api started. */
export const positionDeviceView = z.object({
  id: z.uuid(),
  unitId: z.uuid(),
  name: z.string(),
  createdAtMs: ms,
  revokedAtMs: ms.nullable(),
  lastReportAtMs: ms.nullable(),
  /** Of its last position, 0..1; `null` when it did not say. */
  batteryShare: z.number().min(0).max(1).nullable(),
  taken: z.number().int(),
  refused: z.number().int(),
  /** How many by the code of their refusal. */
  refusedBy: z.record(z.string(), z.number().int()),
  /** Why its last fix that was not taken was not: `fix-in-future` is a clock to set. */
  lastRefusal: z.object({ code: z.string(), atMs: ms }).nullable(),
});
export type PositionDeviceView = z.infer<typeof positionDeviceView>;

/** `POST /api/units/:id/devices` (`unit:manage`). */
export const createPositionDeviceBody = z.object({ name: z.string().trim().min(1).max(60) });
export type CreatePositionDeviceBody = z.infer<typeof createPositionDeviceBody>;

/** The only time that the token is told, with the addresses that the two apps are given. */
export const createdPositionDeviceView = z.object({
  device: positionDeviceView,
  token: z.string(),
  /** Path of this api for OsmAnd and Traccar Client; holds the token. */
  osmAndPath: z.string(),
  /** Path of this api for OwnTracks; holds the token. */
  ownTracksPath: z.string(),
});
export type CreatedPositionDeviceView = z.infer<typeof createdPositionDeviceView>;

/** `position:report` by the socket of a crew's own tablet (`unit:report`); the unit is the server's to know. */
export const positionReport = z.object({
  fixes: z
    .array(
      z.object({
        point,
        takenAtMs: instantMs,
        speedKmh: z.number().min(0).max(1_000).nullable().default(null),
        bearingDeg: z.number().min(0).lt(360).nullable().default(null),
        altitudeM: z.number().min(-500).max(12_000).nullable().default(null),
        accuracyM: z.number().min(0).max(100_000).nullable().default(null),
        batteryShare: z.number().min(0).max(1).nullable().default(null),
        charging: z.boolean().nullable().default(null),
      }),
    )
    .min(1)
    .max(POSITION_CAPS.socketFixes),
});
export type PositionReport = z.input<typeof positionReport>;

/** `taken` are on disk; `refused` will not be taken later either: the tablet forgets both. */
export type PositionReportAnswer =
  | { readonly ok: true; readonly taken: number; readonly refused: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly code: string; readonly message: string };

export const FENCE_KINDS = ['zone', 'sector'] as const;
export type FenceKind = (typeof FENCE_KINDS)[number];

/** `GET /api/positions` (`unit:view`): the live board. */
export const livePositionView = z.object({
  unitId: z.uuid(),
  position: unitPositionView,
  /** Areas that the unit is in. */
  fences: z.array(z.object({ kind: z.enum(FENCE_KINDS), id: z.uuid() })),
});
export type LivePositionView = z.infer<typeof livePositionView>;

/** `GET /api/units/:id/track` and its `.gpx` and `.csv` (`unit:view`). */
export const trackQuery = z.object({ fromMs: queryMs, toMs: queryMs });
export type TrackQuery = z.infer<typeof trackQuery>;

export const trackFixView = z.object({
  point,
  takenAtMs: ms,
  receivedAtMs: ms,
  late: z.boolean(),
  speedKmh: z.number().nullable(),
  bearingDeg: z.number().nullable(),
  altitudeM: z.number().nullable(),
  accuracyM: z.number().nullable(),
});
export const trackView = z.object({
  unitId: z.uuid(),
  fromMs: ms,
  toMs: ms,
  fixes: z.array(trackFixView),
  /** There are more: ask again from the last. */
  truncated: z.boolean(),
});
export type TrackView = z.infer<typeof trackView>;

const day = z.iso.date();
/** `GET /api/positions/metrics.csv` (`unit:manage`): whole days of Lima, both included. */
export const metricsExportQuery = z.object({ fromDay: day, toDay: day });
export type MetricsExportQuery = z.infer<typeof metricsExportQuery>;

/** `GET /api/positions/crossings` (`unit:view`): newest first; `before` is the `nextBefore` of the page above. */
export const crossingQuery = z.object({
  unitId: z.uuid().optional(),
  fenceId: z.uuid().optional(),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(POSITION_CAPS.crossings).default(100),
});
export type CrossingQuery = z.infer<typeof crossingQuery>;
export const crossingPage = z.object({
  crossings: z.array(
    z.object({
      id: z.number().int(),
      atMs: ms,
      unitId: z.uuid(),
      fence: z.object({ kind: z.enum(FENCE_KINDS), id: z.uuid() }),
      kind: z.enum(['entered', 'left']),
    }),
  ),
  nextBefore: z.number().int().nullable(),
});
export type CrossingPage = z.infer<typeof crossingPage>;
