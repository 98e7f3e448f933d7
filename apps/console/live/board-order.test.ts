import { describe, expect, it } from '@jest/globals';
import type { IncidentItem, UnitView } from '#libs/wire';
import { freeUnits, orderedIncidents, orderedUnits, shortCode, stepFrom } from './board-order.ts';
import { standingOf } from '../ui/standing.ts';

const CLOCKS = {
  callAtMs: 0,
  openedAtMs: 0,
  classifiedAtMs: null,
  dispatchedAtMs: null,
  acknowledgedAtMs: null,
  enRouteAtMs: null,
  arrivedAtMs: null,
  controlledAtMs: null,
  closedAtMs: null,
};

function incident(code: string, change: Partial<IncidentItem> = {}): IncidentItem {
  return {
    id: code,
    code,
    status: 'classified',
    priority: 'P2',
    classification: null,
    channel: 'TEL_LOCAL',
    cameraId: null,
    place: null,
    masked: false,
    hidden: [],
    clocks: CLOCKS,
    timers: [],
    units: [],
    backupRequested: false,
    reopened: false,
    revision: 1,
    ...change,
  };
}

function unit(callSign: string, change: Partial<UnitView> = {}): UnitView {
  return {
    id: callSign,
    callSign,
    kind: 'MOV',
    status: 'available',
    statusSinceMs: 0,
    vehicle: null,
    equipment: [],
    sectorId: null,
    crew: [],
    duty: { shiftId: null, sinceMs: 0, startKm: null, assignments: 0, busyMs: 0 },
    attends: null,
    checkIn: null,
    sos: null,
    position: null,
    retiredAtMs: null,
    ...change,
  };
}

const names = (items: readonly { code?: string; callSign?: string }[]): string[] =>
  items.map(({ code, callSign }) => code ?? callSign ?? '');

describe('the board of incidents', () => {
  const attended = { units: [{ unitId: 'm1', callSign: 'Móvil 01', phase: 'en-route' as const }] };
  const all = [
    incident('d', { priority: 'P4' }),
    incident('b', { clocks: { ...CLOCKS, callAtMs: 5 } }),
    incident('a', { priority: 'P1', ...attended }),
    incident('over', { status: 'closed', priority: 'P1' }),
    incident('new', { priority: null, clocks: { ...CLOCKS, callAtMs: 9 } }),
    incident('c', { clocks: { ...CLOCKS, callAtMs: 3 } }),
  ];

  it('has the gravest first, the longest waiting before, and nothing that is over', () => {
    expect(names(orderedIncidents(all, 'all'))).toEqual(['a', 'new', 'c', 'b', 'd']);
    expect(names(orderedIncidents(all, 'waiting'))).toEqual(['new', 'c', 'b', 'd']);
    expect(names(orderedIncidents(all, 'grave'))).toEqual(['a', 'new', 'c', 'b']);
  });

  it('is walked by keys, and its ends hold', () => {
    const shown = orderedIncidents(all, 'all');
    expect(stepFrom(shown, null, 1)?.code).toBe('a');
    expect(stepFrom(shown, 'a', 1)?.code).toBe('new');
    expect(stepFrom(shown, 'a', -1)?.code).toBe('a');
    expect(stepFrom([], 'a', 1)).toBeUndefined();
  });

  it('says numbers as people do', () => {
    expect(shortCode('2026-000248')).toBe('0248');
    expect(shortCode('2026-012345')).toBe('12345');
  });
});

describe('the list of units', () => {
  const sos = { atMs: 1, by: 'x', point: null, acknowledgedAtMs: null, acknowledgedBy: null };
  const all = [
    unit('Móvil 10'),
    unit('Móvil 2'),
    unit('Pie 02', { status: 'meal' }),
    unit('Moto 12', { status: 'en-route' }),
    unit('Móvil 04', { sos }),
    unit('Pie 07', { duty: null }),
    unit('Vieja', { retiredAtMs: 1 }),
  ];

  it('begins with whoever asks for help and ends with whoever cannot be sent', () => {
    expect(names(orderedUnits(all, 'all'))).toEqual(['Móvil 04', 'Moto 12', 'Móvil 2', 'Móvil 10', 'Pie 02', 'Pie 07']);
    expect(names(orderedUnits(all, 'free'))).toEqual(['Móvil 2', 'Móvil 10']);
    expect(freeUnits(all)).toBe(2);
  });
});

describe('a running timer', () => {
  const timer = (kind: 'dispatch' | 'on-scene', targetMs: number, doneAtMs: number | null = null) => ({
    kind,
    startMs: 0,
    targetMs,
    doneAtMs,
    elapsedMs: 0,
    level: 'calm' as const,
  });

  it.each([
    [44_000, 'calm'],
    [45_000, 'warned'],
    [60_001, 'overdue'],
    [120_000, 'critical'],
  ])('at %i ms of a minute is %s', (nowMs, level) => {
    const standing = standingOf(incident('a', { timers: [timer('dispatch', 60_000)] }), nowMs);
    expect(standing).toMatchObject({ elapsedMs: nowMs, level });
  });

  it('is the worst of those that run; one that ended is not shown', () => {
    const timers = [timer('dispatch', 60_000, 30_000), timer('on-scene', 300_000)];
    expect(standingOf(incident('a', { timers }), 150_000)).toMatchObject({
      timer: { kind: 'on-scene', share: 0.5 },
      level: 'calm',
    });
    expect(standingOf(incident('a'), 150_000)).toEqual({ elapsedMs: 150_000, timer: null, level: 'calm' });
  });
});
