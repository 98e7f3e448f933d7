import { z } from 'zod';
import { FIX_AGES } from '#libs/avl';
import {
  ASSIGNMENT_PHASES,
  ESCALATION_LEVELS,
  PRIORITIES,
  SKILLS,
  SOFT_CODES,
  UNIT_KIND_CODES,
  UNIT_STATUSES,
} from '#libs/dispatch';
import { place as point } from './camera.ts';
import { CREW_POSTS } from './dispatch-command.ts';

const ms = z.number();

export const unitPositionView = z.object({
  point,
  takenAtMs: ms,
  speedKmh: z.number().nullable(),
  bearingDeg: z.number().nullable(),
  accuracyM: z.number().nullable(),
  batteryShare: z.number().min(0).max(1).nullable(),
  /** When it was read; a screen ages it further by itself. */
  age: z.enum(FIX_AGES),
});
export type UnitPositionView = z.infer<typeof unitPositionView>;

/** A unit on the board, and the item of topic `units`. It moves by `positions:moved`, not by this topic. */
export const unitView = z.object({
  id: z.uuid(),
  callSign: z.string(),
  kind: z.enum(UNIT_KIND_CODES),
  status: z.enum(UNIT_STATUSES),
  statusSinceMs: ms,
  vehicle: z.object({ plate: z.string(), model: z.string() }).nullable(),
  equipment: z.array(z.string()),
  sectorId: z.string().nullable(),
  /** Instead of the centre's check-in time; a form that changes the unit sends it back. */
  checkInEveryMs: ms.nullable().optional(),
  crew: z.array(
    z.object({ staffId: z.string(), name: z.string(), post: z.enum(CREW_POSTS), skills: z.array(z.enum(SKILLS)) }),
  ),
  duty: z
    .object({
      shiftId: z.string().nullable(),
      sinceMs: ms,
      startKm: z.number().nullable(),
      assignments: z.number().int(),
      busyMs: ms,
    })
    .nullable(),
  attends: z
    .object({
      incidentId: z.string(),
      assignmentId: z.string(),
      priority: z.enum(PRIORITIES),
      phase: z.enum(ASSIGNMENT_PHASES),
    })
    .nullable(),
  checkIn: z.object({ dueAtMs: ms, level: z.enum(ESCALATION_LEVELS) }).nullable(),
  sos: z
    .object({
      atMs: ms,
      by: z.string(),
      point: point.nullable(),
      acknowledgedAtMs: ms.nullable(),
      acknowledgedBy: z.string().nullable(),
    })
    .nullable(),
  position: unitPositionView.nullable(),
  retiredAtMs: ms.nullable(),
});
export type UnitView = z.infer<typeof unitView>;

/**
 * Moves of units since the batch before, sent at most a few times a second. Rows are
 * `[unitId, latitudeDeg, longitudeDeg, bearingDeg or null, speedKmh or null, takenAtMs]`: two thousand units a second are
 * 130 kB, not 400. A batch holds at most one row a unit. A gap in `seq` needs no refetch: each unit moves again soon.
 */
export const positionBatch = z.object({
  epoch: z.string(),
  seq: z.number().int(),
  serverNowMs: ms,
  rows: z.array(
    z.tuple([z.string(), z.number(), z.number(), z.number().nullable(), z.number().nullable(), z.number()]),
  ),
});
export type PositionBatch = z.infer<typeof positionBatch>;

const travel = z.object({ durationMs: ms, distanceM: z.number(), estimated: z.boolean() });

/** Why a unit stands where it stands on the list; `penaltyMs` of all reasons add up to the score. */
export const recommendationReason = z.discriminatedUnion('factor', [
  z.object({ factor: z.literal('travel'), travel, penaltyMs: ms }),
  z.object({ factor: z.literal('old-fix'), ageMs: ms, penaltyMs: ms }),
  z.object({ factor: z.literal('right-kind'), kind: z.enum(UNIT_KIND_CODES), penaltyMs: z.literal(0) }),
  z.object({ factor: z.literal('other-kind'), kind: z.enum(UNIT_KIND_CODES), penaltyMs: ms }),
  z.object({ factor: z.literal('has-skill'), skill: z.enum(SKILLS), penaltyMs: z.literal(0) }),
  z.object({ factor: z.literal('lacks-skill'), skill: z.enum(SKILLS), penaltyMs: ms }),
  z.object({ factor: z.literal('workload'), assignments: z.number().int(), busyMs: ms, penaltyMs: ms }),
  z.object({ factor: z.literal('needs-reason'), code: z.enum(SOFT_CODES), penaltyMs: ms }),
  z.object({ factor: z.literal('preempts'), incidentId: z.string(), priority: z.enum(PRIORITIES), penaltyMs: ms }),
  z.object({
    factor: z.literal('uncovers'),
    sectorId: z.string(),
    left: z.number().int(),
    needed: z.number().int(),
    penaltyMs: ms,
  }),
  z.object({ factor: z.literal('own-sector'), sectorId: z.string(), penaltyMs: z.literal(0) }),
]);

/** `GET /api/incidents/:id/recommendation`: the best first. */
export const recommendationView = z.object({
  units: z.array(
    z.object({
      unitId: z.string(),
      callSign: z.string(),
      scoreMs: ms,
      travel,
      reasons: z.array(recommendationReason),
      needsOverride: z.boolean(),
      preempts: z.string().nullable(),
    }),
  ),
  /** How many cannot be sent, by code. */
  excluded: z.record(z.string(), z.number().int()),
});
export type RecommendationView = z.infer<typeof recommendationView>;

/** `GET /api/units/:id/track/metrics` and the SIPCOP-M export: one unit and shift. */
export const trackMetricsView = z.object({
  unitId: z.uuid(),
  shiftId: z.string().nullable(),
  fromMs: ms,
  toMs: ms,
  distanceKm: z.number(),
  movingMinutes: z.number(),
  standingMinutes: z.number(),
  unknownMinutes: z.number(),
  maxSpeedKmh: z.number(),
  minutesByZone: z.record(z.string(), z.number()),
});
export type TrackMetricsView = z.infer<typeof trackMetricsView>;
