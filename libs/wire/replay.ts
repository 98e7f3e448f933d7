import { z } from 'zod';
import { INCIDENT_CAPS, PRIORITIES } from '#libs/dispatch';
import { place as point } from './camera.ts';
import { clientId, line } from './dispatch-text.ts';
import { unitView } from './dispatch-unit.ts';
import { incidentItem } from './dispatch-view.ts';

const ms = z.number();
const seq = z.number().int();
const instantMs = z.number().int().min(0).max(8.64e15);
/** Numbers come as text in a query. */
const queryMs = z.coerce.number().int().min(0).max(8.64e15);

export const REPLAY_CAPS = {
  /** One opening shows so much time at most. */
  rangeMs: 86_400_000,
  /** An opening is good for so long; then its reason is asked for again. */
  openForMs: 8 * 3_600_000,
  /** Entries of the ledger in one page. */
  pageEntries: 200,
  /** Columns of the time axis. */
  buckets: 288,
  incidents: 2_000,
  /** Length of one piece of tracks; pieces begin at whole multiples of it. */
  trackPieceMs: 600_000,
  /** Positions in one piece; with more units they are further apart. */
  trackFixes: 40_000,
  fileEntries: 50_000,
} as const;

/**
 * `POST /api/replay` (`replay:view`): why somebody looks back, and at what time. An incident stands for its own time, from
 * 10 minutes before its call to 10 minutes after its end, at most 24 h; else a reason and a range are given.
 */
export const openReplayBody = z
  .object({
    incidentId: clientId.nullable().default(null),
    reason: line(INCIDENT_CAPS.reasonChars).default(''),
    fromMs: instantMs.nullable().default(null),
    toMs: instantMs.nullable().default(null),
  })
  .refine(({ incidentId, reason }) => incidentId !== null || reason.length >= 3, {
    path: ['reason'],
    message: 'an incident or a reason',
  })
  .refine(({ incidentId, fromMs, toMs }) => (fromMs === null) === (toMs === null) && (incidentId ?? fromMs) !== null, {
    path: ['fromMs'],
    message: 'both ends of the time, or an incident',
  });
export type OpenReplayBody = z.input<typeof openReplayBody>;

export const replayOpeningView = z.object({
  id: z.uuid(),
  fromMs: ms,
  toMs: ms,
  incidentId: z.uuid().nullable(),
  reason: z.string(),
  expiresAtMs: ms,
});
export type ReplayOpeningView = z.infer<typeof replayOpeningView>;

/** One life of an incident within the range: what was reopened has several. */
export const replaySpanView = z.object({
  incidentId: z.uuid(),
  code: z.string(),
  priority: z.enum(PRIORITIES).nullable(),
  typeCode: z.string().nullable(),
  /** The start of the range, when it was open by then. */
  fromMs: ms,
  /** `null`: still open when the range ends. */
  toMs: ms.nullable(),
});
export type ReplaySpanView = z.infer<typeof replaySpanView>;

/** `GET /api/replay/:id` (`replay:view`): what the time axis draws. */
export const replayOutlineView = z.object({
  opening: replayOpeningView,
  /** Of equal width over the range: entries of the ledger, and incidents that were opened. */
  entries: z.array(z.number().int()).max(REPLAY_CAPS.buckets),
  opened: z.array(z.number().int()).max(REPLAY_CAPS.buckets),
  spans: z.array(replaySpanView).max(REPLAY_CAPS.incidents),
  /** When cameras gave no picture. Where they hang is where they hang today. */
  cameraLosses: z.array(
    z.object({
      cameraId: z.uuid(),
      code: z.string(),
      name: z.string(),
      place: point.nullable(),
      fromMs: ms,
      toMs: ms.nullable(),
    }),
  ),
  /** Positions are kept from here on; `null`: none are. */
  tracksSinceMs: ms.nullable(),
});
export type ReplayOutlineView = z.infer<typeof replayOutlineView>;

/** `GET /api/replay/:id/page`: the page with a moment, or that begins after an entry (`nextAfter`, `previousAfter`). */
export const replayPageQuery = z
  .object({ atMs: queryMs.optional(), after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional() })
  .refine(({ atMs, after }) => (atMs === undefined) !== (after === undefined), {
    path: ['atMs'],
    message: 'a moment or an entry',
  });
export type ReplayPageQuery = z.infer<typeof replayPageQuery>;

/** One entry of the log, redacted for the one who reads as they may see it today. */
export const replayLineView = z.object({
  by: z.string(),
  byName: z.string(),
  hidden: z.array(z.string()),
  event: z.looseObject({ kind: z.string() }),
});

/** What one entry of the ledger made: things as they were after it. */
export const replayChangeView = z.object({
  seq,
  /** Never before that of the entry before it: clocks are set back, a replay goes on. */
  atMs: ms,
  /** `null`: not for this reader. */
  line: replayLineView.nullable(),
  incidents: z.array(incidentItem),
  units: z.array(unitView),
});
export type ReplayChangeView = z.infer<typeof replayChangeView>;

/** The board after entry `after`, and what the entries up to `upTo` made of it. */
export const replayPageView = z.object({
  after: seq,
  upTo: seq,
  /** Moments that this page shows: from here ... */
  fromMs: ms,
  /** ... to before here; the last page shows this one too. */
  untilMs: ms,
  board: z.object({ incidents: z.array(incidentItem), units: z.array(unitView) }),
  changes: z.array(replayChangeView),
  previousAfter: seq.nullable(),
  nextAfter: seq.nullable(),
});
export type ReplayPageView = z.infer<typeof replayPageView>;

/** `GET /api/replay/:id/tracks`: the piece with a moment. */
export const replayTracksQuery = z.object({ atMs: queryMs });
export type ReplayTracksQuery = z.infer<typeof replayTracksQuery>;

/** Fixes are `[takenAtMs, latitudeDeg, longitudeDeg, bearingDeg or null, speedKmh or null]`, in order. */
export const replayTracksView = z.object({
  fromMs: ms,
  toMs: ms,
  /** `false`: positions of this time are no longer, or were never, kept. */
  kept: z.boolean(),
  /** At most one position per unit in so much time. */
  stepMs: ms,
  tracks: z.array(
    z.object({
      unitId: z.uuid(),
      fixes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number().nullable(), z.number().nullable()])),
    }),
  ),
});
export type ReplayTracksView = z.infer<typeof replayTracksView>;
