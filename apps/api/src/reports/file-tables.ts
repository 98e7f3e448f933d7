import type { CsvField } from '#libs/base';
import { STRETCH_NAMES, type Stretch } from '#libs/report';
import type {
  CamerasReportView,
  MapReportView,
  OutcomesReportView,
  PatrolReportView,
  ReportGrouping,
  TimesGroupView,
  TimesReportView,
} from '#libs/wire';
import type { ColumnName, FileWords } from './file-words.ts';

/** One table of a file: the first is the report, the others stand in the PDF alone. */
export interface FileTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvField[])[];
}
export interface FileContent {
  readonly tables: readonly [FileTable, ...FileTable[]];
  readonly notes: readonly string[];
}

const COLUMN_OF: Readonly<Record<Stretch, ColumnName>> = {
  answer: 'answer',
  dispatch: 'dispatch',
  acknowledge: 'acknowledge',
  departure: 'departure',
  travel: 'travel',
  response: 'response',
  attention: 'attention',
  total: 'whole',
};
const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 100) / 10);
const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
const TARGETS = [
  ['dispatch', 'dispatchTarget'],
  ['onScene', 'onSceneTarget'],
] as const;
const HOWS = ['met', 'late', 'never', 'running'] as const;

/** How one of the two files shows a stretch and a target: as figures for a program, or as a line for a person. */
interface TimesLook {
  readonly stretches: readonly Stretch[];
  readonly stretchTitles: (title: string, words: FileWords) => string[];
  readonly stretchCells: (spread: TimesGroupView['stretches'][Stretch]) => CsvField[];
  readonly targetTitles: (title: string, words: FileWords) => string[];
  readonly targetCells: (kept: TimesGroupView['targets']['dispatch']) => CsvField[];
}

const FIGURES: TimesLook = {
  stretches: STRETCH_NAMES,
  stretchTitles: (title, { column }) => [column.records, column.median, column.p90].map((part) => `${title}: ${part}`),
  stretchCells: ({ n, medianMs, p90Ms }) => [n, seconds(medianMs), seconds(p90Ms)],
  targetTitles: (title, { column }) => HOWS.map((how) => `${title}: ${column[how]}`),
  targetCells: (kept) => HOWS.map((how) => kept[how]),
};

/** A page has room for these; the CSV has all. */
const LINES: TimesLook = {
  stretches: ['dispatch', 'acknowledge', 'travel', 'response', 'total'],
  stretchTitles: (title) => [`${title}: 50 % · 90 % (n)`],
  stretchCells: ({ n, medianMs, p90Ms }) => [n === 0 ? '–' : `${minutes(medianMs)} · ${minutes(p90Ms)} (${n})`],
  targetTitles: (title) => [title],
  targetCells: ({ met, late }) => [
    met + late === 0 ? '–' : `${Math.floor((100 * met) / (met + late))} % (${met + late})`,
  ],
};

/** `12:05`, minutes and seconds. */
function minutes(ms: number | null): string {
  if (ms === null) return '–';
  const all = Math.round(ms / 1_000);
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, '0')}`;
}

export function timesTables(view: TimesReportView, words: FileWords, forProgram: boolean): FileContent {
  const { column } = words;
  const look = forProgram ? FIGURES : LINES;
  const cells = (group: TimesGroupView, name: string): CsvField[] => [
    name,
    group.count,
    ...look.stretches.flatMap((stretch) => look.stretchCells(group.stretches[stretch])),
    ...TARGETS.flatMap(([target]) => look.targetCells(group.targets[target])),
  ];
  const columns = [
    words.by[view.by],
    column.incidents,
    ...look.stretches.flatMap((stretch) => look.stretchTitles(column[COLUMN_OF[stretch]], words)),
    ...TARGETS.flatMap(([, title]) => look.targetTitles(column[title], words)),
  ];
  const rows = view.groups.map((group) => cells(group, keyName(view.by, group.key, view.names, words)));
  const { counted, merged, dismissed } = view.base;
  return {
    tables: [
      { title: words.title.times, columns, rows: view.total ? [...rows, cells(view.total, words.total)] : rows },
    ],
    notes: [words.note.times(counted, merged, dismissed)],
  };
}

const TALLIES = [
  'open',
  'attended',
  'unattended',
  'dismissed',
  'falseAlarm',
  'falseCall',
  'referred',
  'merged',
] as const;

export function outcomesTables(view: OutcomesReportView, words: FileWords): FileContent {
  const { column } = words;
  const rows = view.groups.map((group): CsvField[] => [
    keyName(view.by, group.key, view.names, words),
    group.count,
    ...TALLIES.map((name) => group[name]),
  ]);
  const { total } = view;
  const sum = total ? [[words.total, total.count, ...TALLIES.map((name) => total[name])]] : [];
  return {
    tables: [
      {
        title: words.title.outcomes,
        columns: [words.by[view.by], column.incidents, ...TALLIES.map((name) => column[name])],
        rows: [...rows, ...sum],
      },
      {
        title: column.referred,
        columns: [
          column.agency,
          column.referred,
          column.taken,
          column.declined,
          column.unanswered,
          column.median,
          column.p90,
          column.takenBy,
        ],
        rows: view.referrals.map((one) => [
          one.agency,
          one.count,
          one.taken,
          one.declined,
          one.unanswered,
          seconds(one.medianMs),
          seconds(one.p90Ms),
          one.takenBy.map(({ name, count }) => `${name} (${count})`).join(', '),
        ]),
      },
    ],
    notes: [],
  };
}

export function mapTables(view: MapReportView, words: FileWords): FileContent {
  const { column } = words;
  const { hotSpots, base } = view;
  const spots = hotSpots.kind === 'found' ? hotSpots.spots : [];
  const { shown, masked, placeless } = base;
  return {
    tables: [
      {
        title: words.title.map,
        columns: [column.latitude, column.longitude, column.sector, column.incidents, column.around, 'z', 'p'],
        rows: spots.map((spot) => [
          rounded(spot.latitudeDeg, 5),
          rounded(spot.longitudeDeg, 5),
          spot.sectorId === null ? words.none : (view.names[spot.sectorId] ?? words.none),
          spot.count,
          spot.around,
          rounded(spot.z, 2),
          Number(spot.p.toPrecision(2)),
        ]),
      },
    ],
    notes: [
      words.note.map(shown, masked, placeless),
      words.note.spots(hotSpots.studyCells, hotSpots.kind === 'found' ? rounded(hotSpots.meanPerCell, 2) : '–'),
    ],
  };
}

export function patrolTables(view: PatrolReportView, words: FileWords): FileContent {
  const { column } = words;
  return {
    tables: [
      {
        title: words.title.patrol,
        columns: [
          column.unit,
          column.days,
          column.km,
          column.moving,
          column.standing,
          column.unknown,
          column.attendances,
          column.arrivals,
          column.busy,
        ],
        rows: view.units.map((unit) => [
          view.names[unit.unitId] ?? words.none,
          unit.days,
          rounded(unit.distanceKm, 2),
          rounded(unit.movingMin),
          rounded(unit.standingMin),
          rounded(unit.unknownMin),
          unit.attendances,
          unit.arrivals,
          rounded(unit.busyMin),
        ]),
      },
      {
        title: column.area,
        columns: [column.area, column.minutes, column.units],
        rows: view.areas.map(({ id, minutes, units }) => [view.names[id] ?? words.none, rounded(minutes), units]),
      },
    ],
    notes: [words.note.patrol(view.measuredDays.length, view.missingDays)],
  };
}

const HOUR_MS = 3_600_000;

export function camerasTables(view: CamerasReportView, words: FileWords, knownFrom: string): FileContent {
  const { column } = words;
  return {
    tables: [
      {
        title: words.title.cameras,
        columns: [column.camera, column.working, column.watched, column.away, column.absences, column.longest],
        rows: view.cameras.map((camera) => [
          `${camera.code} ${camera.name}`,
          camera.share === null ? null : rounded(camera.share * 100, 2),
          rounded(camera.watchedMs / HOUR_MS),
          rounded(camera.awayMs / HOUR_MS, 2),
          camera.absences,
          rounded(camera.longestMs / 60_000),
        ]),
      },
    ],
    notes: [words.note.cameras(knownFrom, view.offlineAfterS)],
  };
}

/** What a group is called in a file. */
function keyName(
  by: ReportGrouping,
  key: string | null,
  names: Readonly<Record<string, string>>,
  words: FileWords,
): string {
  if (key === null) return words.none;
  if (by === 'weekday') return words.weekdays[Number(key)] ?? key;
  if (by === 'hour') return `${key}:00`;
  if (by === 'type') return names[key] === undefined ? key : `${key} ${names[key]}`;
  return names[key] ?? key;
}
