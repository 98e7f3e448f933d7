import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destination } from '#libs/geo';
import {
  DEFAULT_DISPATCH_RULES,
  seedTypes,
  STRAIGHT_LINE,
  recommend,
  shortlistUnits,
  type Candidate,
  type Recommendation,
  type RecommendationInput,
  type Sector,
  type UnitKind,
} from '#libs/dispatch';
import { Desk, PLAZA } from './testing/desk.ts';

const SEED_TYPES = seedTypes();
const typeOf = (code: string) => SEED_TYPES.find((type) => type.code === code);

/** A desk with one incident at the plaza and units around it. */
class Town {
  readonly desk = new Desk();
  readonly incidentId: string;
  private readonly places = new Map<string, { metres: number; bearing: number; ageMs: number }>();

  constructor(readonly typeCode: string) {
    this.incidentId = this.desk.open(typeCode);
  }

  unit(name: string, metres: number, kind: UnitKind = 'MOV', bearing = 0, ageMs = 5_000): this {
    this.desk.unit(kind, name);
    this.places.set(name, { metres, bearing, ageMs });
    return this;
  }

  input(sectors: readonly Sector[] = []): RecommendationInput {
    const { desk } = this;
    const candidates = [...desk.board.units.values()].map((unit): Candidate => {
      const place = this.places.get(unit.id);
      const point = place && destination(PLAZA, place.bearing, place.metres);
      return { unit, fix: place && point ? { point, takenAtMs: desk.nowMs - place.ageMs } : null };
    });
    const { nowMs } = desk;
    const incident = desk.incident(this.incidentId);
    return {
      incident,
      type: typeOf(this.typeCode),
      candidates,
      sectors,
      roll: null,
      nowMs,
      rules: DEFAULT_DISPATCH_RULES,
    };
  }

  ranked(sectors?: readonly Sector[]): readonly Recommendation[] {
    return recommend(this.input(sectors));
  }

  names(sectors?: readonly Sector[]): string[] {
    return this.ranked(sectors).map(({ unitId }) => unitId);
  }
}

const factorsOf = ({ reasons }: Recommendation) => reasons.map(({ factor }) => factor);

describe('a recommendation', () => {
  it('prefers what is there first, and says how long', () => {
    const town = new Town('PAT-02').unit('lejos', 3_000).unit('cerca', 500).unit('moto', 600, 'MOT');
    expect(town.names()).toEqual(['moto', 'cerca', 'lejos']);
    const near = town.ranked().find(({ unitId }) => unitId === 'cerca')!;
    // 500 m x 1.35 at 27 km/h is 90 s, and 30 s until the crew has moved off.
    expect(near.travel.durationMs / 1_000).toBeCloseTo(120, 3);
    expect(near.travel).toMatchObject({ estimated: true });
    expect(near.travel.distanceM).toBeCloseTo(675, 3);
    expect(factorsOf(near)).toEqual(['travel', 'right-kind']);
  });

  it('weighs kind, skills, age of the fix, work done and rest', () => {
    const town = new Town('EME-02').unit('pie', 10, 'PIE').unit('viejo', 200, 'MOV', 0, 20 * 60_000);
    town.unit('paramedico', 1_500);
    town.desk.do({ kind: 'endDuty', unitId: 'paramedico', endKm: null });
    const crew = [{ staffId: 'p', name: 'P', post: 'paramedic', skills: ['paramedic'] }] as const;
    town.desk.do({ kind: 'startDuty', unitId: 'paramedico', shiftId: null, crew, startKm: null });
    const ranked = town.ranked();
    expect(ranked.map(({ unitId }) => unitId)).toEqual(['paramedico', 'pie', 'viejo']);
    expect(ranked.map(factorsOf)).toEqual([
      ['travel', 'right-kind', 'has-skill'],
      ['travel', 'other-kind', 'lacks-skill'],
      ['travel', 'old-fix', 'right-kind', 'lacks-skill'],
    ]);
  });

  it('offers what is busy with less for a grave matter, last and marked', () => {
    const town = new Town('PAT-02').unit('ocupada', 100).unit('libre', 2_500);
    town.desk.assign(town.desk.open('ORD-03'), 'ocupada');
    const ranked = town.ranked();
    expect(ranked.map(({ unitId }) => unitId)).toEqual(['ocupada', 'libre']);
    expect(ranked[0]).toMatchObject({ preempts: 'i2' });
    expect(ranked[0]?.reasons).toContainEqual({
      factor: 'preempts',
      incidentId: 'i2',
      priority: 'P3',
      penaltyMs: 180_000,
    });
    const noise = new Town('ORD-03').unit('ocupada', 100);
    noise.desk.assign(noise.desk.open('ORD-03'), 'ocupada');
    expect(noise.names()).toEqual([]);
    expect([...shortlistUnits(noise.input()).excluded]).toEqual([['unit-busy', 1]]);
  });

  it('says what a choice leaves uncovered', () => {
    const north = destination(PLAZA, 0, 900);
    const ring = [45, 135, 225, 315, 45].map((bearing): [number, number] => {
      const { longitudeDeg, latitudeDeg } = destination(north, bearing, 500);
      return [longitudeDeg, latitudeDeg];
    });
    const sectors = [{ id: 'norte', ring, minUnits: 1 }];
    const town = new Town('ORD-03').unit('sola', 900, 'MOT').unit('sur', 1_000, 'MOT', 180);
    expect(town.names([])).toEqual(['sola', 'sur']);
    expect(town.names(sectors)).toEqual(['sur', 'sola']);
    expect(town.ranked(sectors)[1]?.reasons).toContainEqual({
      factor: 'uncovers',
      sectorId: 'norte',
      left: 0,
      needed: 1,
      penaltyMs: 180_000,
    });
    town.unit('otra', 950, 'MOT');
    expect(town.names(sectors)[0]).toBe('sola');
  });

  it('leaves out who cannot be sent, and counts why', () => {
    const town = new Town('PAT-02').unit('libre', 500).unit('sos', 10).unit('sin-senal', 10);
    town.desk.do({ kind: 'raiseSos', unitId: 'sos', point: null });
    town.desk.unit('MOV', 'sin-fix');
    expect(town.names()).toEqual(['libre', 'sin-senal'].sort((a) => (a === 'sin-senal' ? -1 : 1)));
    expect(Object.fromEntries(shortlistUnits(town.input()).excluded)).toEqual({
      'unit-in-emergency': 1,
      'unit-without-fix': 1,
    });
  });

  it('keeps the right kind on the shortlist, however far it is', () => {
    const town = new Town('DRO-03');
    for (let n = 0; n < 30; n++) town.unit(`pie${n}`, 100 + n, 'PIE');
    town.unit('integrado', 9_000, 'PI');
    const entries = shortlistUnits(town.input()).entries.map(({ candidate }) => candidate.unit.id);
    expect(entries).toHaveLength(26);
    expect(entries).toContain('integrado');
  });

  it('takes times by road where it gets them, and drops what cannot get there', () => {
    const town = new Town('PAT-02').unit('cerca', 300).unit('lejos', 2_000).unit('isla', 100);
    const input = town.input();
    const isla = input.candidates.find(({ unit }) => unit.id === 'isla')!.fix!.point;
    const byRoad = {
      between: (...[from, to, speedClass]: Parameters<typeof STRAIGHT_LINE.between>) =>
        from === isla ? null : { ...STRAIGHT_LINE.between(from, to, speedClass)!, estimated: false },
    };
    const ranked = recommend(input, byRoad);
    expect(ranked.map(({ unitId }) => unitId)).toEqual(['cerca', 'lejos']);
    expect(ranked.every(({ travel }) => !travel.estimated)).toBe(true);
  });

  it('is the same whatever the order of the units, and its score is the sum of its reasons', () => {
    const kinds: UnitKind[] = ['MOV', 'MOT', 'PIE', 'PI', 'CAM'];
    const units = fc.array(fc.tuple(fc.nat(5_000), fc.nat(4), fc.nat(359), fc.nat(400_000)), { maxLength: 30 });
    fc.assert(
      fc.property(units, fc.infiniteStream(fc.nat(1_000)), (list, dice) => {
        const town = new Town('PAT-02');
        for (const [n, [metres, kind, bearing, ageMs]] of list.entries())
          town.unit(`u${n}`, metres, kinds[kind], bearing, ageMs);
        const input = town.input();
        const ranked = recommend(input);
        const order = new Map(input.candidates.map((one) => [one, dice.next().value as number]));
        const shuffled = input.candidates.toSorted((a, b) => order.get(a)! - order.get(b)!);
        expect(recommend({ ...input, candidates: shuffled })).toEqual(ranked);
        for (const { scoreMs, reasons } of ranked)
          expect(scoreMs).toBeCloseTo(
            reasons.reduce((sum, { penaltyMs }) => sum + penaltyMs, 0),
            6,
          );
        expect(ranked.map(({ scoreMs }) => scoreMs)).toEqual(
          ranked.map(({ scoreMs }) => scoreMs).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 60 },
    );
  });
});
