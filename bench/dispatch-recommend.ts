import { distanceM, destination, type GeoPoint } from '#libs/geo';
import {
  DEFAULT_DISPATCH_RULES,
  MemoryBoard,
  seedTypes,
  UNIT_KIND_CODES,
  catalogueOf,
  decide,
  evolve,
  recommend,
  type Candidate,
  type DispatchCommand,
  type RecommendationInput,
  type Sector,
} from '#libs/dispatch';
import type { BenchRecorder } from './report.ts';

const UNITS = 500;
const SECTORS = 24;
const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const START_MS = Date.UTC(2026, 10, 20, 15);
const CATALOGUE = catalogueOf(seedTypes());

/** The same town at every run: a simple generator (Park and Miller's) instead of chance. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Units spread over 5 km, a third of them busy, and sectors over all of it. */
export function townOf500(): RecommendationInput {
  const random = dice(7);
  const board = new MemoryBoard();
  const act = (command: DispatchCommand): void => {
    const decided = decide(board, command, {
      nowMs: START_MS,
      by: 'bench',
      catalogue: CATALOGUE,
      roll: null,
      rules: DEFAULT_DISPATCH_RULES,
      crewElsewhere: () => false,
    });
    if (!decided.ok) throw new Error(decided.refusal.code);
    for (const event of decided.value) board.take(evolve(board, event));
  };
  const open = (incidentId: string, typeCode: string): void =>
    act({ kind: 'openIncident', incidentId, code: incidentId, channel: 'TEL_LOCAL', typeCode, place: placeOf(PLAZA) });
  open('robbery', 'PAT-02');
  const candidates: Candidate[] = [];
  for (let n = 0; n < UNITS; n++) {
    const unitId = `unit-${n}`;
    const kind = UNIT_KIND_CODES[Math.floor(random() * UNIT_KIND_CODES.length)]!;
    const profile = { callSign: unitId, kind, vehicle: null, equipment: [], sectorId: null, checkInEveryMs: null };
    act({ kind: 'registerUnit', unitId, profile });
    const crew = [{ staffId: unitId, name: 'Sereno', post: 'driver', skills: [] }] as const;
    act({ kind: 'startDuty', unitId, shiftId: null, crew, startKm: null });
    if (n % 3 === 0) {
      open(`noise-${n}`, 'ORD-03');
      act({ kind: 'assign', incidentId: `noise-${n}`, unitId, assignmentId: `a-${n}` });
    }
    const point = destination(PLAZA, random() * 360, random() * 5_000);
    candidates.push({ unit: board.unit(unitId)!, fix: { point, takenAtMs: START_MS - random() * 120_000 } });
  }
  const incident = board.incident('robbery')!;
  const type = CATALOGUE.typeOf('PAT-02');
  const sectors = sectorsAround(PLAZA);
  return { incident, type, candidates, sectors, roll: null, nowMs: START_MS, rules: DEFAULT_DISPATCH_RULES };
}

function placeOf(point: GeoPoint) {
  return { point, sectorId: null, address: '', reference: '' };
}

function sectorsAround(centre: GeoPoint): Sector[] {
  return Array.from({ length: SECTORS }, (_, n) => {
    const middle = destination(centre, (360 / SECTORS) * n, 1_000 + (n % 4) * 1_200);
    const corners = [...Array.from({ length: 32 }, (_, k) => k * 11.25), 0].map((bearing): [number, number] => {
      const { longitudeDeg, latitudeDeg } = destination(middle, bearing, 700);
      return [longitudeDeg, latitudeDeg];
    });
    return { id: `sector-${n}`, ring: corners, minUnits: 2 };
  });
}

/** One case of `bench:dispatch`: a recommendation over 500 units without roads, and the floor, a sort by distance. */
export function measureRecommendation(recorder: BenchRecorder, runs = 200): void {
  const input = townOf500();
  const target = input.incident.place!.point!;
  const floor = (): unknown =>
    input.candidates
      .map(({ unit, fix }) => ({ unit, awayM: distanceM(fix!.point, target) }))
      .sort((a, b) => a.awayM - b.awayM);
  for (const [contender, task] of [
    ['atalaya', () => recommend(input)],
    ['floor', floor],
  ] as const) {
    for (let warm = 0; warm < 20; warm++) task();
    const took = Array.from({ length: runs }, () => timeMs(task)).sort((a, b) => a - b);
    recorder.add('recommend-500', contender, 'p95_ms', 'ms', took[Math.ceil(runs * 0.95) - 1]!);
  }
}

function timeMs(task: () => unknown): number {
  const startMs = performance.now();
  task();
  return performance.now() - startMs;
}
