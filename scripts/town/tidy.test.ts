import { describe, expect, it } from '@jest/globals';
import type { Priority } from '#libs/dispatch';
import type { IncidentItem } from '#libs/wire';
import { DEMO_PATIENCE, tidyingOf, type Tidying } from './tidy.ts';

const MINUTE_MS = 60_000;

interface Situation {
  readonly priority?: Priority;
  readonly units?: IncidentItem['units'];
  readonly arrived?: boolean;
  readonly unclassified?: boolean;
}

function itemOf({ priority = 'P3', units = [], arrived = false, unclassified = false }: Situation): IncidentItem {
  const classification = { typeCode: 'ORD-03', group: 'ORD', masked: false, video: false, edan: false };
  return {
    id: '00000000-0000-7000-8000-000000000001',
    code: '2026-000001',
    status: 'classified',
    priority,
    classification: unclassified ? null : classification,
    channel: 'TEL_LOCAL',
    cameraId: null,
    place: null,
    masked: false,
    hidden: [],
    clocks: {
      callAtMs: 0,
      openedAtMs: 0,
      classifiedAtMs: 0,
      dispatchedAtMs: null,
      acknowledgedAtMs: null,
      enRouteAtMs: null,
      arrivedAtMs: arrived ? 1 : null,
      controlledAtMs: null,
      closedAtMs: null,
    },
    timers: [],
    units,
    backupRequested: false,
    reopened: false,
    revision: 1,
  };
}

function after(minutes: number, situation: Situation, isOwn = true, luck = 0.9): Tidying | null {
  return tidyingOf(itemOf(situation), isOwn, minutes * MINUTE_MS, DEMO_PATIENCE, luck);
}

const unit = (phase: IncidentItem['units'][number]['phase']) => [
  { unitId: '00000000-0000-7000-8000-000000000002', callSign: 'Halcón 1', phase },
];

describe('tidyingOf', () => {
  it('leaves an incident to people first, the graver the shorter', () => {
    expect(after(5.9, { priority: 'P1' })).toBeNull();
    expect(after(6.1, { priority: 'P1' })).toEqual({ kind: 'hand-over' });
    expect(after(12, { priority: 'P3' })).toBeNull();
    expect(after(14, { priority: 'P3' })).toMatchObject({ kind: 'close', disposition: 'recorded-only' });
    expect(after(14, { priority: 'P3' }, true, 0.1)).toMatchObject({ kind: 'dismiss', cause: 'not-located' });
    expect(after(16, { unclassified: true, priority: 'P4' })).toMatchObject({ kind: 'dismiss' });
  });

  it('ends what was attended and not written down, and calls back who never answered', () => {
    expect(after(2, { arrived: true })).toBeNull();
    expect(after(4, { arrived: true })).toMatchObject({ kind: 'close', disposition: 'attended' });
    expect(after(7, { units: unit('assigned') })).toBeNull();
    expect(after(9, { units: unit('assigned') })).toEqual({ kind: 'withdraw', unitIds: [unit('assigned')[0]!.unitId] });
  });

  it('never takes a unit off that is on its way or there', () => {
    for (const phase of ['acknowledged', 'en-route', 'on-scene', 'transporting', 'at-station'] as const) {
      expect(after(24 * 60, { units: unit(phase) })).toBeNull();
      expect(after(24 * 60, { units: [...unit('assigned'), ...unit(phase)] })).toBeNull();
    }
  });

  it('touches what somebody else opened after hours alone', () => {
    expect(after(5 * 60, {}, false)).toBeNull();
    expect(after(5 * 60, { arrived: true }, false)).toBeNull();
    expect(after(6.1 * 60, {}, false)).not.toBeNull();
  });
});
