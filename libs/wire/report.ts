import { z } from 'zod';
import { DISMISSAL_CAUSES, DISPOSITIONS, INCIDENT_GROUPS, PRIORITIES, type IncidentGroup } from '#libs/dispatch';
import { CELL_SIZES_M, GROUPINGS, type CellSizeM, type GroupingName } from '#libs/report';
import { ring } from './zone.ts';

const ms = z.number();
const count = z.number().int();
const day = z.iso.date();
const hour = z.coerce.number().int().min(0).max(23);
const priority = z.enum(PRIORITIES);
/** `P1,P2` in a query. */
const priorities = z
  .string()
  .max(20)
  .transform((text) => text.split(','))
  .pipe(z.array(priority).min(1).max(4));

/** Reports there are. */
export const REPORT_NAMES = ['times', 'outcomes', 'map', 'patrol', 'cameras'] as const;
export type ReportName = (typeof REPORT_NAMES)[number];

/** What incidents are put together by. */
export const REPORT_GROUPINGS = GROUPINGS;
export type ReportGrouping = GroupingName;

/** Sides of the cells of the crime map, metres. */
export const REPORT_CELLS_M = CELL_SIZES_M;
export type ReportCellM = CellSizeM;

/**
 * `GET /api/reports/<name>`: whole days of America/Lima, both included, 366 at most. `fromHour` up to, not including, `toHour`, over
 * midnight when it is later; equal or absent is the whole day.
 */
export const reportQuery = z.object({
  fromDay: day,
  toDay: day,
  by: z.enum(REPORT_GROUPINGS).default('sector'),
  priorities: priorities.optional(),
  group: z.enum(Object.keys(INCIDENT_GROUPS) as [IncidentGroup, ...IncidentGroup[]]).optional(),
  typeCode: z.string().max(20).optional(),
  sectorId: z.uuid().optional(),
  fromHour: hour.optional(),
  toHour: hour.optional(),
  cellM: z.coerce
    .number()
    .pipe(z.literal([...REPORT_CELLS_M]))
    .default(200),
});
export type ReportQuery = z.infer<typeof reportQuery>;

/** `GET /api/reports/:name/file` (`report:export`). */
export const reportFileQuery = reportQuery.extend({
  format: z.enum(['csv', 'pdf']),
  language: z.enum(['es', 'en']).default('es'),
});
export type ReportFileQuery = z.infer<typeof reportFileQuery>;

const head = {
  fromDay: day,
  toDay: day,
  madeAtMs: ms,
  /** Number of the last event of the ledger that is counted; `behind` says that there were more. */
  throughSeq: count,
  behind: z.boolean(),
  /** Numbers below this are hidden from whoever asked; `null` shows all. */
  smallBelow: count.nullable(),
  /** Names of sectors, types, units and areas by their ids. */
  names: z.record(z.string(), z.string()),
};

/** Incidents of the range after the filters. `counted` of them stand in the report. */
const base = z.object({ inRange: count, merged: count, dismissed: count, counted: count });

const spread = z.object({ n: count, medianMs: ms.nullable(), p90Ms: ms.nullable() });
const kept = z.object({ met: count, late: count, never: count, running: count });
const timesGroup = z.object({
  key: z.string().nullable(),
  count,
  stretches: z.object({
    answer: spread,
    dispatch: spread,
    acknowledge: spread,
    departure: spread,
    travel: spread,
    response: spread,
    attention: spread,
    total: spread,
  }),
  targets: z.object({ dispatch: kept, onScene: kept }),
});
export type TimesGroupView = z.infer<typeof timesGroup>;

/** Dispatch and response times. `total` is `null` when there are too few to show. */
export const timesReportView = z.object({
  ...head,
  by: z.enum(REPORT_GROUPINGS),
  base,
  targets: z.record(priority, z.object({ dispatchMs: ms.nullable(), onSceneMs: ms.nullable() })),
  total: timesGroup.nullable(),
  groups: z.array(timesGroup),
  /** Groups that are not shown because they are small. */
  hiddenGroups: count,
});
export type TimesReportView = z.infer<typeof timesReportView>;

const tally = {
  count,
  open: count,
  attended: count,
  unattended: count,
  dismissed: count,
  falseAlarm: count,
  falseCall: count,
  referred: count,
  merged: count,
};
const outcomeGroup = z.object({ key: z.string().nullable(), ...tally });
export type OutcomeGroupView = z.infer<typeof outcomeGroup>;

const agencyView = z.object({
  agency: z.string(),
  count,
  taken: count,
  declined: count,
  unanswered: count,
  /** From told to answered. */
  medianMs: ms.nullable(),
  p90Ms: ms.nullable(),
  /** Who took them, the most frequent first; empty for those who see statistics alone. */
  takenBy: z.array(z.object({ name: z.string(), count })),
});

/** How incidents ended. */
export const outcomesReportView = z.object({
  ...head,
  by: z.enum(REPORT_GROUPINGS),
  total: z.object(tally).nullable(),
  groups: z.array(outcomeGroup),
  hiddenGroups: count,
  dispositions: z.array(z.object({ code: z.enum(DISPOSITIONS), count: count.nullable() })),
  dismissals: z.array(z.object({ code: z.enum(DISMISSAL_CAUSES), count: count.nullable() })),
  referrals: z.array(agencyView),
});
export type OutcomesReportView = z.infer<typeof outcomesReportView>;

const cell = { column: z.number().int(), row: z.number().int() };
const spot = z.object({
  ...cell,
  latitudeDeg: z.number(),
  longitudeDeg: z.number(),
  count,
  around: count,
  z: z.number(),
  p: z.number(),
  sectorId: z.uuid().nullable(),
});
export type HotSpotView = z.infer<typeof spot>;

/** Crime map and hot spots. Cells are squares of `step…Deg` whose south-west corner is `origin + column, row × step`. */
export const mapReportView = z.object({
  ...head,
  grid: z.object({
    cellM: z.literal([...REPORT_CELLS_M]),
    bandwidthM: z.number(),
    originLatitudeDeg: z.number(),
    originLongitudeDeg: z.number(),
    stepLatitudeDeg: z.number(),
    stepLongitudeDeg: z.number(),
  }),
  /** `shown` of `inRange` lie in cells of the answer; the rest is left out and told why. */
  base: z.object({
    inRange: count,
    shown: count,
    merged: count,
    dismissed: count,
    masked: count,
    placeless: count,
    small: count,
  }),
  cells: z.array(z.object({ ...cell, count })),
  heat: z.array(z.object({ ...cell, perKm2: z.number() })),
  hotSpots: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('found'), studyCells: count, meanPerCell: z.number(), spots: z.array(spot) }),
    z.object({ kind: z.literal('too-few'), studyCells: count, count }),
  ]),
  /** Masked incidents are told by sector alone, never by place. */
  maskedBySector: z.array(z.object({ sectorId: z.uuid().nullable(), count })),
  sectors: z.array(z.object({ id: z.uuid(), name: z.string(), ring })),
});
export type MapReportView = z.infer<typeof mapReportView>;

const patrolFigures = {
  days: count,
  distanceKm: z.number(),
  movingMin: z.number(),
  standingMin: z.number(),
  unknownMin: z.number(),
  /** Incidents to which it was sent and at which it arrived, and the minutes from sent to released. */
  attendances: count,
  arrivals: count,
  busyMin: z.number(),
};

/** What units drove and did. `missingDays` of the range are not measured yet, or their tracks were dropped before. */
export const patrolReportView = z.object({
  ...head,
  measuredDays: z.array(day),
  missingDays: count,
  /** Assignments that have not ended have no minutes yet. */
  running: count,
  total: z.object(patrolFigures),
  units: z.array(z.object({ unitId: z.uuid(), ...patrolFigures, maxSpeedKmh: z.number() })),
  areas: z.array(z.object({ kind: z.enum(['sector', 'zone']), id: z.uuid(), minutes: z.number(), units: count })),
});
export type PatrolReportView = z.infer<typeof patrolReportView>;

/** How long cameras gave a picture. */
export const camerasReportView = z.object({
  ...head,
  /** Alarms are kept so long: before it nothing is known. */
  knownFromMs: ms,
  /** An absence shorter than this raises no alarm and is not counted. */
  offlineAfterS: z.number(),
  cameras: z.array(
    z.object({
      cameraId: z.uuid(),
      code: z.string(),
      name: z.string(),
      /** Of the range: known and adopted. */
      watchedMs: ms,
      awayMs: ms,
      absences: count,
      longestMs: ms,
      /** Absences of which only the beginning is known (the api was started again): counted to the last word of them. */
      uncertain: count,
      share: z.number().nullable(),
    }),
  ),
  total: z.object({ watchedMs: ms, awayMs: ms, share: z.number().nullable() }),
});
export type CamerasReportView = z.infer<typeof camerasReportView>;
