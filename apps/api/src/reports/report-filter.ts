import type { GroupingName } from '#libs/report';
import type { ReportQuery } from '#libs/wire';

/** A condition of SQL with its values: `$1` is the first of them. */
export interface Filter {
  readonly where: string;
  readonly values: readonly unknown[];
}

/** The time of a call by the clocks of Lima, which are UTC-5 all year. */
export const LOCAL_CALL = `(call_at AT TIME ZONE INTERVAL '-05:00')`;
const LOCAL_HOUR = `extract(hour FROM ${LOCAL_CALL})`;

/** Columns of `incident_figure` that a grouping reads; the rest follows from the time of the call. */
export const KEY_COLUMN = {
  sector: 'sector_id::text',
  type: 'type_code',
  group: 'type_group',
  priority: 'priority',
  channel: 'channel',
} as const satisfies Partial<Record<GroupingName, string>>;

/** Which rows of `incident_figure` a question is about. */
export function filterOf(query: ReportQuery, fromMs: number, toMs: number): Filter {
  const values: unknown[] = [new Date(fromMs), new Date(toMs)];
  const parts = ['call_at >= $1', 'call_at < $2'];
  const add = (column: string, value: unknown): void => {
    values.push(value);
    parts.push(column.replaceAll('?', `$${values.length}`));
  };
  const { priorities, group, typeCode, sectorId, fromHour, toHour } = query;
  if (priorities !== undefined) add('priority = ANY(?::text[])', priorities);
  if (group !== undefined) add('type_group = ?', group);
  if (typeCode !== undefined) add('type_code = ?', typeCode);
  if (sectorId !== undefined) add('sector_id = ?::uuid', sectorId);
  if (fromHour !== undefined && toHour !== undefined && fromHour !== toHour) {
    values.push(fromHour, toHour);
    const [from, to] = [`$${values.length - 1}::int`, `$${values.length}::int`];
    parts.push(`(${LOCAL_HOUR} >= ${from} ${fromHour < toHour ? 'AND' : 'OR'} ${LOCAL_HOUR} < ${to})`);
  }
  return { where: parts.join(' AND '), values };
}
