export {
  LIMA_OFFSET_MINUTES,
  MAX_REPORT_DAYS,
  dayRange,
  daysOf,
  localDay,
  localHour,
  localMinute,
  localWeekday,
  midnightMs,
  type DayRange,
} from './local-days.ts';
export {
  attendancesOf,
  figureOf,
  referralsOf,
  type AttendanceFigure,
  type IncidentFigure,
  type LifeKind,
  type ReferralFigure,
} from './figure.ts';
export { TIME_COLUMNS, tableOf, type FigureTable, type PackedRun, type TimeColumn } from './figure-table.ts';
export {
  GROUPINGS,
  TIME_GROUPINGS,
  isTimeGrouping,
  shiftGrouping,
  timeGrouping,
  type Grouping,
  type GroupingName,
  type TimeGrouping,
} from './grouping.ts';
export { selectPlace } from './select.ts';
export { percentile, spreadOf, spreadsByGroup, type Spread } from './percentile.ts';
export {
  STRETCHES,
  STRETCH_NAMES,
  TARGET_NAMES,
  timesOf,
  type Kept,
  type Stretch,
  type TargetName,
  type TargetsByPriority,
  type TimesGroup,
  type TimesReport,
} from './times.ts';
export { outcomesOf, type OutcomeGroup, type OutcomeRow, type OutcomeTally, type OutcomesReport } from './outcomes.ts';
export { CELL_SIZES_M, TownGrid, cellName, type Cell, type CellSizeM, type CountedCell } from './grid.ts';
export { heatOf, type HeatCell } from './heat.ts';
export {
  FALSE_DISCOVERY_RATE,
  MIN_STUDY_CELLS,
  MIN_STUDY_COUNT,
  hotSpotsOf,
  upperTail,
  type HotSpot,
  type HotSpotsReport,
} from './hot-spots.ts';
export { SMALL_COUNT, suppressCount, suppressSmall } from './suppress.ts';
export { shiftIndexOf, shiftLine, type ShiftLine } from './shift-line.ts';
