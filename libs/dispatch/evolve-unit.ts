import type { DispatchEventKind, EventOf } from './events.ts';
import type { Stray } from './stray.ts';
import type { Unit, UnitState } from './unit.ts';

type UnitKindOfEvent = Exclude<Extract<DispatchEventKind, `unit:${string}`>, 'unit:registered'>;
export type UnitEvent = EventOf<UnitKindOfEvent>;

export function registeredUnit(event: EventOf<'unit:registered'>): Unit {
  return {
    id: event.unitId,
    ...event.profile,
    state: { kind: 'free', status: 'out-of-service', sinceMs: event.atMs },
    duty: null,
    heardAtMs: event.atMs,
    clearedAtMs: null,
    sos: null,
    retiredAtMs: null,
    updatedAtMs: event.atMs,
  };
}

const CHANGES: { readonly [K in UnitKindOfEvent]: (unit: Unit, event: EventOf<K>) => Partial<Unit> } = {
  // Of a sector that is no longer its own nobody keeps it.
  'unit:changed': (unit, { profile }) => ({
    ...profile,
    ...straysLeft(unit, (stray) => stray.kind === 'off-limits' || stray.sectorId === profile.sectorId),
  }),
  'unit:retired': (unit, { atMs }) => ({ retiredAtMs: atMs, ...straysLeft(unit, () => false) }),
  'unit:dutyStarted': ({ state }, { shiftId, crew, startKm, atMs }) => ({
    duty: { shiftId, crew, startKm, sinceMs: atMs, assignments: 0, busyMs: 0 },
    state: state.kind === 'free' ? { kind: 'free', status: 'available', sinceMs: atMs } : state,
    heardAtMs: atMs,
  }),
  'unit:dutyEnded': (unit, { atMs }) => ({
    duty: null,
    state: outOfService(atMs),
    heardAtMs: atMs,
    ...straysLeft(unit, () => false),
  }),
  'unit:statusChanged': (_, { status, atMs }) => ({
    state: { kind: 'free', status, sinceMs: atMs },
    heardAtMs: atMs,
  }),
  'unit:checkedIn': (_, { atMs }) => ({ heardAtMs: atMs }),
  'unit:sosRaised': (_, { atMs, by, point }) => ({ sos: { kind: 'raised', atMs, by, point }, heardAtMs: atMs }),
  'unit:sosAcknowledged': ({ sos }, { atMs, by }) => ({
    sos: sos === null ? null : { ...sos, kind: 'acknowledged', acknowledgedAtMs: atMs, acknowledgedBy: by },
  }),
  'unit:sosResolved': () => ({ sos: null }),
  'unit:strayed': ({ strays = [] }, { strayKind, sectorId, sinceMs }) => ({
    strays: [...strays, { kind: strayKind, sectorId, sinceMs, acknowledgedAtMs: null, acknowledgedBy: null }],
  }),
  'unit:strayAcknowledged': ({ strays = [] }, { strayKind, sectorId, atMs, by }) => ({
    strays: strays.map((stray) =>
      stray.kind === strayKind && stray.sectorId === sectorId
        ? { ...stray, acknowledgedAtMs: atMs, acknowledgedBy: by }
        : stray,
    ),
  }),
  'unit:strayEnded': (unit, { strayKind, sectorId }) =>
    straysLeft(unit, (stray) => stray.kind !== strayKind || stray.sectorId !== sectorId),
};

/** Nothing for a unit that was never astray: its row stays as it was. */
function straysLeft({ strays }: Unit, keep: (stray: Stray) => boolean): Partial<Unit> {
  return strays === undefined ? {} : { strays: strays.filter(keep) };
}

function outOfService(atMs: number): UnitState {
  return { kind: 'free', status: 'out-of-service', sinceMs: atMs };
}

export function foldUnit(unit: Unit, event: UnitEvent): Unit {
  const change = CHANGES[event.kind] as (unit: Unit, event: UnitEvent) => Partial<Unit>;
  return { ...unit, ...change(unit, event), updatedAtMs: event.atMs };
}
