import type { IncidentStatus } from '#libs/dispatch';
import type { IncidentItem, UnitView } from '#libs/wire';
import { statusLook, type UnitLook } from '../ui/unit-look.ts';

export const INCIDENT_FILTERS = ['all', 'waiting', 'grave'] as const;
export type IncidentFilter = (typeof INCIDENT_FILTERS)[number];
export const UNIT_FILTERS = ['all', 'free', 'busy'] as const;
export type UnitFilter = (typeof UNIT_FILTERS)[number];

const OVER: ReadonlySet<IncidentStatus> = new Set(['closed', 'dismissed', 'merged']);

export function isOpen({ status }: Pick<IncidentItem, 'status'>): boolean {
  return !OVER.has(status);
}

/** Open incidents, gravest first, then the longest waiting. One without a priority may be the gravest: it stands with P1. */
export function orderedIncidents(items: readonly IncidentItem[], filter: IncidentFilter): IncidentItem[] {
  return items
    .filter((item) => isOpen(item) && passes(item, filter))
    .toSorted(
      (a, b) =>
        (a.priority ?? 'P1').localeCompare(b.priority ?? 'P1') ||
        a.clocks.callAtMs - b.clocks.callAtMs ||
        a.code.localeCompare(b.code),
    );
}

function passes(item: IncidentItem, filter: IncidentFilter): boolean {
  if (filter === 'waiting')
    return item.units.length === 0 && item.status !== 'referred' && item.status !== 'controlled';
  return filter === 'all' || item.priority === null || item.priority === 'P1' || item.priority === 'P2';
}

const LOOK_ORDER: readonly UnitLook[] = ['sos', 'route', 'scene', 'free', 'silent', 'away'];

/** Who asks for help first, then who is with an incident, who is free, and last who cannot be sent. */
export function orderedUnits(units: readonly UnitView[], filter: UnitFilter): UnitView[] {
  return units
    .filter((unit) => unit.retiredAtMs === null && fits(unit, filter))
    .toSorted(
      (a, b) =>
        LOOK_ORDER.indexOf(statusLook(a)) - LOOK_ORDER.indexOf(statusLook(b)) ||
        Number(a.duty === null) - Number(b.duty === null) ||
        a.callSign.localeCompare(b.callSign, 'es', { numeric: true }),
    );
}

function fits(unit: UnitView, filter: UnitFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'free' ? statusLook(unit) === 'free' : unit.attends !== null || unit.sos !== null;
}

export function freeUnits(units: readonly UnitView[]): number {
  return units.filter((unit) => unit.retiredAtMs === null && statusLook(unit) === 'free').length;
}

export function unitsOnDuty(units: readonly UnitView[]): number {
  return units.filter((unit) => unit.retiredAtMs === null && unit.duty !== null).length;
}

/** The next of a list from the chosen one, by `step`; the ends hold. */
export function stepFrom<T extends { readonly id: string }>(
  items: readonly T[],
  chosenId: string | null,
  step: 1 | -1,
): T | undefined {
  const at = items.findIndex(({ id }) => id === chosenId);
  if (at < 0) return step > 0 ? items[0] : items.at(-1);
  return items[Math.max(0, Math.min(items.length - 1, at + step))];
}

/** `2026-000248` as people say it: `248`. */
export function shortCode(code: string): string {
  return /-0*(\d+)$/.exec(code)?.[1]?.padStart(4, '0') ?? code;
}
