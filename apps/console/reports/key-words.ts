import type { Channel, IncidentGroup } from '#libs/dispatch';
import type { ReportGrouping } from '#libs/wire';
import type { Say } from '../i18n/messages.ts';

/** What a group of a report is called. Names of sectors, types and shifts are data and come with the report. */
export function keyWords(
  by: ReportGrouping,
  key: string | null,
  names: Readonly<Record<string, string>>,
  say: Say,
): string {
  if (key === null) return say('reports.none');
  if (by === 'hour') return `${key}:00`;
  if (by === 'weekday') return say(`reports.day.${key as '0'}`);
  if (by === 'group') return say(`reports.group.${key as IncidentGroup}`);
  if (by === 'channel') return say(`channel.${key as Channel}`);
  if (by === 'type') return names[key] === undefined ? key : `${key} ${names[key]}`;
  return names[key] ?? key;
}

/** In the order of the clock, the week and the alphabet; what has no key goes last. */
export function inOrder<T extends { readonly key: string | null }>(
  by: ReportGrouping,
  groups: readonly T[],
  words: (key: string | null) => string,
): T[] {
  if (by === 'shift') return [...groups];
  if (by === 'weekday') return groups.toSorted((a, b) => monday(a.key) - monday(b.key));
  return groups.toSorted((a, b) =>
    a.key === null || b.key === null
      ? Number(a.key === null) - Number(b.key === null)
      : words(a.key).localeCompare(words(b.key), 'es'),
  );
}

function monday(key: string | null): number {
  return (Number(key) + 6) % 7;
}
