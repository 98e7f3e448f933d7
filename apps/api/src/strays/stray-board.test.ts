import { describe, expect, it } from '@jest/globals';
import type { Fix } from '#libs/avl';
import { DEFAULT_STRAY_BOUNDS, type Stray, type Unit } from '#libs/dispatch';
import type { Ring } from '#libs/wire';
import { StrayBoard } from './stray-board.ts';
import { WatchedAreas, type WatchedSector } from './watched-areas.ts';

const S = 1_000;
/** Monday 2026-11-23, 08:00 in Lima. */
const START = Date.UTC(2026, 10, 23, 13);
const WEST = { latitudeDeg: -17.6459, longitudeDeg: -71.36 };
const M_PER_DEG = 111_195 * Math.cos((17.6459 * Math.PI) / 180);
const at = (eastM: number) => ({ ...WEST, longitudeDeg: WEST.longitudeDeg + eastM / M_PER_DEG });
const box = (fromM: number, toM: number): Ring => {
  const [west, east] = [at(fromM).longitudeDeg, at(toM).longitudeDeg];
  const [south, north] = [WEST.latitudeDeg - 0.005, WEST.latitudeDeg + 0.005];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
};
const PORT: WatchedSector = { id: 'port', kind: 'off-limits', polygon: box(1_000, 2_000), hours: [] };
const OWN: WatchedSector = { id: 'own', kind: 'patrol', polygon: box(0, 800), hours: [] };

/** A unit on duty, and what the ledger was told of it. */
class Scene {
  readonly board = new StrayBoard(DEFAULT_STRAY_BOUNDS);
  nowMs = START;
  unit: Unit = {
    id: 'u',
    callSign: 'M-01',
    kind: 'MOV',
    vehicle: null,
    equipment: [],
    sectorId: 'own',
    checkInEveryMs: null,
    state: { kind: 'free', status: 'patrolling', sinceMs: START },
    duty: { shiftId: null, sinceMs: START, crew: [], startKm: null, assignments: 0, busyMs: 0 },
    heardAtMs: START,
    clearedAtMs: null,
    sos: null,
    retiredAtMs: null,
    updatedAtMs: START,
  };

  constructor(...areas: WatchedSector[]) {
    this.board.watch(new WatchedAreas(areas));
  }

  /** Is so many metres east for so many seconds, one position each ten. Answers what is found meanwhile. */
  stay(eastM: number, seconds: number, more: { accuracyM?: number; goesTo?: number } = {}): string[] {
    const found: string[] = [];
    for (let second = 0; second < seconds; second += 10) {
      this.nowMs += 10 * S;
      const fix = { point: at(eastM), takenAtMs: this.nowMs, accuracyM: more.accuracyM ?? 5 } as Fix;
      this.board.take(this.unit, fix, more.goesTo === undefined ? null : at(more.goesTo));
      found.push(...this.look());
    }
    return found;
  }

  /** What is found now, and written. */
  look(): string[] {
    const findings = this.board.findings(this.unit, this.nowMs);
    for (const finding of findings) {
      const { strayKind: kind, sectorId } = finding;
      const others = (this.unit.strays ?? []).filter((one) => one.kind !== kind || one.sectorId !== sectorId);
      const raised: Stray[] =
        finding.kind === 'raiseStray'
          ? [{ kind, sectorId, sinceMs: finding.sinceMs, acknowledgedAtMs: null, acknowledgedBy: null }]
          : [];
      this.unit = { ...this.unit, strays: [...others, ...raised] };
    }
    return findings.map((one) =>
      one.kind === 'raiseStray'
        ? `${one.strayKind} since ${(one.sinceMs - START) / S}`
        : `${one.strayKind} over: ${one.cause}`,
    );
  }
}

describe('units out of place', () => {
  it('are told once when they stayed, and once when they came back', () => {
    const scene = new Scene(PORT);
    expect(scene.stay(1_500, 300)).toEqual(['off-limits since 10']);
    // On the very border it is still inside: leaving counts 25 m further out.
    expect(scene.stay(990, 120)).toEqual([]);
    expect(scene.stay(900, 120)).toEqual(['off-limits over: returned']);
    expect(scene.stay(1_500, 50)).toEqual([]);
  });

  it('are away from their sector when they patrol, not when they were sent, nor on its border', () => {
    const scene = new Scene(OWN);
    expect(scene.stay(840, 300)).toEqual([]);
    expect(scene.stay(900, 300)).toEqual(['out-of-sector since 310']);
    scene.unit = {
      ...scene.unit,
      state: { kind: 'assigned', incidentId: 'i', assignmentId: 'a', priority: 'P2', phase: 'en-route', sinceMs: 0 },
    };
    expect(scene.stay(900, 60)).toEqual(['out-of-sector over: sent']);
    scene.unit = { ...scene.unit, state: { kind: 'free', status: 'patrolling', sinceMs: 0 } };
    // Who comes back to the border only has not come back.
    expect(scene.stay(900, 80)).toEqual([`out-of-sector since ${(scene.nowMs - START) / S - 70}`]);
    expect(scene.stay(820, 80)).toEqual([]);
    expect(scene.stay(700, 80)).toEqual(['out-of-sector over: returned']);
  });

  it('may go where they were sent, though it is off limits', () => {
    const scene = new Scene(PORT);
    expect(scene.stay(1_500, 300, { goesTo: 1_200 })).toEqual([]);
    expect(scene.stay(1_500, 100, { goesTo: 5_000 })).toEqual(['off-limits since 310']);
    expect(scene.stay(1_500, 60, { goesTo: 1_200 })).toEqual(['off-limits over: sent']);
  });

  it('are not found by vague positions, nor by silence', () => {
    const scene = new Scene(PORT);
    expect(scene.stay(1_500, 300, { accuracyM: 150 })).toEqual([]);
    expect(scene.stay(1_500, 50)).toEqual([]);
    scene.nowMs += 600 * S;
    expect(scene.look()).toEqual([]);
    expect(scene.stay(1_500, 60)).toEqual([]);
    expect(scene.stay(1_500, 20)).toHaveLength(1);
    scene.nowMs += 36_000 * S;
    expect(scene.look()).toEqual([]);
  });

  it('keep to the hours of an area', () => {
    const port = { ...PORT, hours: [{ days: [1], fromMinute: 8 * 60 + 5, toMinute: 8 * 60 + 10 }] };
    const scene = new Scene(port);
    expect(scene.stay(1_500, 290)).toEqual([]);
    expect(scene.stay(1_500, 100)).toEqual(['off-limits since 300']);
    scene.nowMs = START + 600 * S;
    expect(scene.look()).toEqual(['off-limits over: area-changed']);
  });

  it('are no longer so when the area is gone, the sector another, or the duty over', () => {
    const scene = new Scene(PORT, OWN);
    expect(scene.stay(1_500, 100)).toHaveLength(2);
    scene.board.watch(new WatchedAreas([OWN]));
    expect(scene.look()).toEqual(['off-limits over: area-changed']);
    scene.unit = { ...scene.unit, sectorId: 'other', strays: [] };
    expect(scene.look()).toEqual([]);
    scene.board.watch(new WatchedAreas([PORT]));
    expect(scene.stay(1_500, 100)).toHaveLength(1);
    scene.unit = { ...scene.unit, duty: null, strays: [] };
    expect([scene.look(), [...scene.board.unitIds]]).toEqual([[], []]);
    scene.unit = { ...scene.unit, duty: { ...new Scene().unit.duty!, sinceMs: scene.nowMs } };
    expect(scene.look()).toEqual([]);
  });

  it('are known after a restart from what stands in the ledger', () => {
    const scene = new Scene(PORT);
    const stray = {
      kind: 'off-limits',
      sectorId: 'port',
      sinceMs: START,
      acknowledgedAtMs: null,
      acknowledgedBy: null,
    } as const;
    scene.unit = { ...scene.unit, strays: [stray] };
    expect(scene.look()).toEqual([]);
    expect(scene.stay(1_500, 100)).toEqual([]);
    expect(scene.stay(500, 100)).toEqual(['off-limits over: returned']);
  });
});
