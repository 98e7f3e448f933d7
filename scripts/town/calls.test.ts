import { describe, expect, it } from '@jest/globals';
import { ILO_PROVINCE, normalisePhone, seedTypes } from '#libs/dispatch';
import { isInRing } from '#libs/geo';
import { RoadGraph, roadLines } from '#libs/scheme';
import { createSectorBody, openIncidentBody } from '#libs/wire';
import { CALL_KINDS } from './call-words.ts';
import { CallSource, type PretendedCall } from './calls.ts';
import { Dice } from './dice.ts';
import { FLEET } from './fleet.ts';
import { DEMO_SECTORS } from './sectors.ts';

const roads = RoadGraph.of(roadLines());
const HOUR_MS = 3_600_000;
/** Midnight of Lima. */
const MIDNIGHT_MS = Date.UTC(2026, 10, 2, 5);

function source(perHour: number, seed = 'calls'): CallSource {
  return new CallSource(roads, perHour, new Dice(seed));
}

function takenAt(hour: number, count: number): PretendedCall[] {
  const calls = source(10);
  return Array.from({ length: count }, () => calls.take(MIDNIGHT_MS + hour * HOUR_MS));
}

describe('CallSource', () => {
  it('brings as many calls as it was told, more in the evening than before dawn', () => {
    const calls = source(30);
    const hours = Array.from({ length: 24 }, () => 0);
    const days = 40;
    let count = 0;
    for (
      let atMs = calls.nextAtMs(MIDNIGHT_MS);
      atMs < MIDNIGHT_MS + days * 24 * HOUR_MS;
      atMs = calls.nextAtMs(atMs)
    ) {
      hours[Math.floor((atMs - MIDNIGHT_MS) / HOUR_MS) % 24]!++;
      count++;
    }
    expect(count / (days * 24)).toBeGreaterThan(28.5);
    expect(count / (days * 24)).toBeLessThan(31.5);
    expect(hours[21]! / hours[5]!).toBeGreaterThan(4);
  });

  it('knows types of the catalogue alone, noise at night and thefts by day', () => {
    const codes = new Map(seedTypes().map((type) => [type.code, type]));
    for (const { typeCode, weight, facts } of CALL_KINDS) {
      expect(codes.get(typeCode)?.enabled).toBe(true);
      expect(weight).toBeGreaterThan(0);
      expect(facts.length).toBeGreaterThan(0);
    }
    const shareOf = (code: string, hour: number): number =>
      takenAt(hour, 1_500).filter(({ typeCode }) => typeCode === code).length / 1_500;
    expect(shareOf('ORD-03', 23)).toBeGreaterThan(3 * shareOf('ORD-03', 11));
    expect(shareOf('PAT-01', 11)).toBeGreaterThan(2 * shareOf('PAT-01', 23));
    expect(shareOf('VIF-01', 20)).toBeGreaterThan(0.08);
  });

  it('says what the centre takes: places in the province, phones that are phones, words that fit', () => {
    const id = '00000000-0000-7000-8000-000000000000';
    for (const call of takenAt(20, 400)) {
      expect(isInRing(call.point, ILO_PROVINCE)).toBe(true);
      if (call.callerPhone !== null) expect(normalisePhone(call.callerPhone)).toMatchObject({ ok: true });
      const body = openIncidentBody.safeParse({
        commandId: id,
        sentAtMs: MIDNIGHT_MS,
        incidentId: id,
        channel: call.channel,
        typeCode: call.typeCode,
        call: { id, channel: call.channel, receivedAtMs: MIDNIGHT_MS, callerName: call.callerName },
        place: { point: call.point, sectorId: null, address: call.address, reference: call.reference },
        narrative: { id, text: call.narrative },
      });
      expect(body.error?.issues).toBeUndefined();
    }
  });

  it('has the same person behind the same number', () => {
    const names = new Map<string, Set<string>>();
    for (const { callerPhone, callerName } of takenAt(20, 2_000))
      if (callerPhone !== null && callerName !== '')
        names.set(callerPhone, (names.get(callerPhone) ?? new Set()).add(callerName));
    expect(names.size).toBeGreaterThan(200);
    for (const known of names.values()) expect(known.size).toBe(1);
  });

  it('brings the same calls for the same seed', () => {
    const day = (seed: string): unknown => {
      const calls = source(10, seed);
      return Array.from({ length: 20 }, () => [calls.nextAtMs(MIDNIGHT_MS), calls.take(MIDNIGHT_MS)]);
    };
    expect(day('a')).toEqual(day('a'));
    expect(day('a')).not.toEqual(day('b'));
  });
});

describe('sectors of the demonstration', () => {
  it('are outlines that the centre takes, and those of the fleet are among them', () => {
    for (const body of DEMO_SECTORS) expect(createSectorBody.safeParse(body).error?.issues).toBeUndefined();
    const names = DEMO_SECTORS.map(({ name }) => name);
    for (const { sector } of FLEET) expect(names).toContain(sector);
  });

  it('hold nearly every junction, and none twice', () => {
    const inside = roads.nodes
      .filter(({ quarter }) => quarter !== null)
      .map(({ point }) => DEMO_SECTORS.filter(({ ring }) => isInRing(point, ring)).length);
    expect(inside.filter((count) => count > 1)).toEqual([]);
    expect(inside.filter((count) => count === 0).length / inside.length).toBeLessThan(0.03);
  });
});
