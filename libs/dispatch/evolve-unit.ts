import type { DispatchEventKind, EventOf } from './events.ts';
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
  'unit:changed': (_, { profile }) => profile,
  'unit:retired': (_, { atMs }) => ({ retiredAtMs: atMs }),
  'unit:dutyStarted': ({ state }, { shiftId, crew, startKm, atMs }) => ({
    duty: { shiftId, crew, startKm, sinceMs: atMs, assignments: 0, busyMs: 0 },
    state: state.kind === 'free' ? { kind: 'free', status: 'available', sinceMs: atMs } : state,
    heardAtMs: atMs,
  }),
  'unit:dutyEnded': (_, { atMs }) => ({ duty: null, state: outOfService(atMs), heardAtMs: atMs }),
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
};

function outOfService(atMs: number): UnitState {
  return { kind: 'free', status: 'out-of-service', sinceMs: atMs };
}

export function foldUnit(unit: Unit, event: UnitEvent): Unit {
  const change = CHANGES[event.kind] as (unit: Unit, event: UnitEvent) => Partial<Unit>;
  return { ...unit, ...change(unit, event), updatedAtMs: event.atMs };
}
