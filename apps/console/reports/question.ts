import { PRIORITIES, type IncidentGroup, type Priority } from '#libs/dispatch';
import type { ReportCellM, ReportGrouping, ReportName } from '#libs/wire';
import type { Language } from '../i18n/format.ts';

/** What is asked of a report. '' is no filter. */
export interface Question {
  readonly fromDay: string;
  readonly toDay: string;
  readonly by: ReportGrouping;
  readonly priority: Priority | '';
  readonly group: IncidentGroup | '';
  readonly fromHour: string;
  readonly toHour: string;
  readonly cellM: ReportCellM;
}

const DAY_MS = 86_400_000;
/** Lima is UTC-5 all year. */
const LIMA_MS = -5 * 3_600_000;
const MAX_DAYS = 366;

/** The last thirty days, today included. */
export function firstQuestion(nowMs: number): Question {
  const day = (atMs: number): string => new Date(atMs + LIMA_MS).toISOString().slice(0, 10);
  return {
    fromDay: day(nowMs - 29 * DAY_MS),
    toDay: day(nowMs),
    by: 'sector',
    priority: '',
    group: '',
    fromHour: '',
    toHour: '',
    cellM: 200,
  };
}

/** Whether it can be asked: 1 to 366 days. */
export function isSound({ fromDay, toDay }: Question): boolean {
  const days = (Date.parse(toDay) - Date.parse(fromDay)) / DAY_MS + 1;
  return days >= 1 && days <= MAX_DAYS;
}

/** Days of the range, both ends included. */
export function daysOf({ fromDay, toDay }: Pick<Question, 'fromDay' | 'toDay'>): number {
  return Math.round((Date.parse(toDay) - Date.parse(fromDay)) / DAY_MS) + 1;
}

function queryOf({ fromDay, toDay, by, priority, group, fromHour, toHour, cellM }: Question): URLSearchParams {
  const query = new URLSearchParams({ fromDay, toDay, by, cellM: String(cellM) });
  if (priority !== '') query.set('priorities', priority);
  if (group !== '') query.set('group', group);
  if (fromHour !== '' && toHour !== '') {
    query.set('fromHour', fromHour);
    query.set('toHour', toHour);
  }
  return query;
}

export function addressOf(name: ReportName, question: Question): string {
  return `/api/reports/${name}?${queryOf(question)}`;
}

export function fileAddressOf(name: ReportName, question: Question, format: 'csv' | 'pdf', language: Language): string {
  const query = queryOf(question);
  query.set('format', format);
  query.set('language', language);
  return `/api/reports/${name}/file?${query}`;
}

export const PRIORITY_CHOICES = ['', ...PRIORITIES] as const;
