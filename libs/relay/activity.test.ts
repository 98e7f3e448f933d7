import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { nalRoleOf, splitAnnexB } from '../../camera-sim/clip/annexb.ts';
import { ActivityScore, type ActivityState } from '#libs/relay';
import { ActivityHistory } from './activity-history.ts';

interface Unit {
  readonly bytes: number;
  readonly isKey: boolean;
  readonly atMs: number;
}

interface Change {
  readonly state: ActivityState;
  readonly atS: number;
}

/** Plays units and notes each change of state. */
function play(units: Iterable<Unit>, score = new ActivityScore(0)): Change[] {
  const changes: Change[] = [];
  for (const { bytes, isKey, atMs } of units)
    if (score.unit(bytes, isKey, atMs)) changes.push({ state: score.state, atS: atMs / 1_000 });
  return changes;
}

/** Sizes that ffmpeg's encoder made of a street in which somebody walks for twelve seconds. */
function recorded(name: 'free' | 'cbr'): { units: Unit[]; somebodyFromS: number; somebodyToS: number } {
  const file = new URL(`testdata/activity-${name}.json`, import.meta.url);
  const { sizes, gopFrames, framesPerSecond, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as {
    sizes: number[];
    gopFrames: number;
    framesPerSecond: number;
    somebodyFromS: number;
    somebodyToS: number;
  };
  const units = sizes.map((bytes, index) => ({
    bytes,
    isKey: index % gopFrames === 0,
    atMs: ((index + 1) * 1_000) / framesPerSecond,
  }));
  return { units, ...rest };
}

/** Day, infrared from one picture to the next, day, infrared; somebody walks by four times. */
function night(): { units: Unit[]; somebodyAtS: [number, number][] } {
  const file = new URL('testdata/activity-night.json', import.meta.url);
  const { sizes, gopFrames, framesPerSecond, somebodyAtS } = JSON.parse(readFileSync(file, 'utf8')) as {
    sizes: number[];
    gopFrames: number;
    framesPerSecond: number;
    somebodyAtS: [number, number][];
  };
  const units = sizes.map((bytes, index) => {
    const atMs = ((index + 1) * 1_000) / framesPerSecond;
    return { bytes, isKey: index % gopFrames === 0, atMs };
  });
  return { units, somebodyAtS };
}

/** Pictures of a demonstration clip: each is one slice. */
function picturesOf(clip: string): { readonly bytes: number; readonly isKey: boolean }[] {
  const nalUnits = splitAnnexB(readFileSync(new URL(`../../camera-sim/clips/${clip}.264`, import.meta.url)));
  return nalUnits.flatMap((nalUnit) => {
    const role = nalRoleOf('h264', nalUnit);
    const isKey = role === 'key-slice';
    return isKey || role === 'slice' ? [{ bytes: nalUnit.length, isKey }] : [];
  });
}

/** A generator of the same numbers each time (mulberry32). */
function seeded(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
/** Heavier tails than any normal distribution: one in a hundred is beyond four deviations. */
const laplace = (random: () => number): number => {
  const share = random() - 0.5;
  return -Math.sign(share) * Math.log(1 - 2 * Math.abs(share) + 1e-12);
};

interface Scene {
  readonly seconds: number;
  readonly framesPerSecond?: number;
  readonly gopFrames?: number;
  readonly noise?: (random: () => number) => number;
  /** Octaves of one deviation of a picture. */
  readonly spread?: number;
  /** Factor of pictures (not key frames) at a second. */
  readonly factor?: (atS: number) => number;
  readonly keyFactor?: (atS: number) => number;
  readonly seed?: number;
}

/** Mere noise weighs the same all the time: a rate that is held, as far as anybody can tell. */
const CALM: ActivityState = 'constant-rate';

/** A stream of a camera in front of which nothing happens but noise. */
function* scene(given: Scene): Generator<Unit> {
  const { seconds, framesPerSecond = 15, gopFrames = 30, noise = normal, spread = 0.3, seed = 1 } = given;
  const random = seeded(seed);
  for (let index = 0; index < seconds * framesPerSecond; index++) {
    const atS = (index + 1) / framesPerSecond;
    const isKey = index % gopFrames === 0;
    // The first pictures of a group are smaller, as encoders make them.
    const shape = 1 + 0.4 * Math.min(1, (index % gopFrames) / 8);
    const bytes = isKey
      ? 30_000 * 2 ** (0.02 * normal(random)) * (given.keyFactor?.(atS) ?? 1)
      : 900 * shape * 2 ** (spread * noise(random)) * (given.factor?.(atS) ?? 1);
    yield { bytes: Math.round(bytes), isKey, atMs: atS * 1_000 };
  }
}

describe('the activity score', () => {
  it('sees somebody walk through a street, and that he is gone', () => {
    const { units, somebodyFromS, somebodyToS } = recorded('free');
    const changes = play(units);
    expect(changes.map(({ state }) => state)).toEqual(['quiet', 'active', 'quiet']);
    expect(changes[1]!.atS - somebodyFromS).toBeLessThan(2.5);
    expect(changes[2]!.atS - somebodyToS).toBeGreaterThan(0);
    expect(changes[2]!.atS - somebodyToS).toBeLessThan(8);
  });

  it('says of the same street at a constant rate that it cannot be scored', () => {
    const score = new ActivityScore(0);
    const changes = play(recorded('cbr').units, score);
    expect(changes.map(({ state }) => state).at(-1)).toBe('constant-rate');
    expect(changes.map(({ state }) => state)).not.toContain('active');
    expect(score.score).toBeUndefined();
  });

  it('knows the night again: a camera goes to infrared between two key frames, comes back, and goes once more', () => {
    const { units, somebodyAtS } = night();
    const score = new ActivityScore(0);
    const changes = play(units, score);
    const seen = changes.filter(({ state }) => state === 'active').map(({ atS }) => atS);
    expect(seen).toHaveLength(somebodyAtS.length);
    for (const [index, [fromS]] of somebodyAtS.entries()) {
      expect(seen[index]! - fromS).toBeGreaterThan(0);
      expect(seen[index]! - fromS).toBeLessThan(2.5);
    }
    // Learnt once by day and once by night; never again.
    expect(changes.filter(({ state }) => state === 'warming-up').map(({ atS }) => Math.round(atS))).toEqual([126]);
  });

  it('is not taken in by movement by day that weighs what the noise of the night weighs', () => {
    const { units } = night();
    const score = new ActivityScore(0);
    play(units.slice(0, 2_900), score);
    // By day again, and between its own key frames just what the infrared light has between its.
    const rest = units.slice(2_900, 2_990);
    const walker = rest.map((unit, index) => (unit.isKey ? unit : { ...unit, bytes: units[2_400 + index]!.bytes }));
    const changes = play(walker, score);
    expect(changes).toMatchObject([{ state: 'active' }]);
    expect(changes[0]!.atS - 290).toBeLessThan(6);
  });

  it.each(['ovalo-sub-1', 'mercado-sub', 'playa-sub', 'enapu-sub-1', 'varadero-sub', 'terminal-sub', 'plaza-sub'])(
    'takes the traffic and the people of the demonstration (%s) as usual, and a crowd as activity',
    (clip) => {
      const units = picturesOf(clip);
      const loop = (from: number, to: number, factor: number): Unit[] =>
        Array.from({ length: (to - from) * 15 }, (_, index) => {
          const unit = units[(from * 15 + index) % units.length]!;
          const bytes = unit.isKey ? unit.bytes : Math.round(unit.bytes * factor);
          return { bytes, isKey: unit.isKey, atMs: ((from * 15 + index + 1) * 1_000) / 15 };
        });
      const score = new ActivityScore(0);
      expect(play(loop(0, 300, 1), score).map(({ state }) => state)).toEqual(['quiet']);
      expect(play(loop(300, 320, 6), score)).toMatchObject([{ state: 'active' }]);
      expect(score.sinceMs / 1_000 - 300).toBeLessThan(2.5);
      expect(play(loop(320, 340, 1), score).map(({ state }) => state)).toEqual(['quiet']);
    },
  );

  it.each([
    ['normal', normal],
    ['heavy-tailed', laplace],
  ] as const)(
    'raises no false alarm in a camera-day of %s noise',
    (_, noise) => {
      for (const seed of [1, 2, 3, 4]) {
        const changes = play(scene({ seconds: 21_600, framesPerSecond: 6, gopFrames: 12, noise, seed }));
        expect(changes.filter(({ state }) => state === 'active')).toEqual([]);
      }
    },
    20_000,
  );

  it('begins within two and a half seconds, whatever the camera, when pictures grow enough', () => {
    const cameras = fc.record({
      framesPerSecond: fc.integer({ min: 6, max: 60 }),
      gopSeconds: fc.integer({ min: 1, max: 8 }),
      spread: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(cameras, ({ framesPerSecond, gopSeconds, spread, seed }) => {
        const factor = (atS: number): number => (atS >= 200 && atS < 220 ? 4 : 1);
        const gopFrames = framesPerSecond * gopSeconds;
        const changes = play(scene({ seconds: 240, framesPerSecond, gopFrames, spread, factor, seed }));
        const active = changes.findIndex(({ state }) => state === 'active');
        expect(changes.filter(({ state }) => state === 'active')).toHaveLength(1);
        expect(changes[active]!.atS).toBeGreaterThan(200);
        expect(changes[active]!.atS).toBeLessThan(202.5);
        expect(changes[active + 1]!.atS).toBeGreaterThan(220);
        expect(changes[active + 1]!.atS).toBeLessThan(228);
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('does not depend on the scale of a stream', () => {
    const factor = (atS: number): number => (atS > 150 && atS < 160 ? 2.5 : 1);
    const plain = [...scene({ seconds: 200, factor })];
    const expected = play(plain);
    expect(expected.map(({ state }) => state)).toContain('active');
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 200, noNaN: true }), (scale) => {
        const scaled = play(plain.map((unit) => ({ ...unit, bytes: unit.bytes * scale })));
        expect(scaled.map(({ state }) => state)).toEqual(expected.map(({ state }) => state));
        scaled.forEach(({ atS }, index) => expect(Math.abs(atS - expected[index]!.atS)).toBeLessThanOrEqual(1));
      }),
      { numRuns: 20 },
    );
  });

  it('learns anew when the whole picture is another one, without an alarm', () => {
    const changed = (atS: number): number => (atS >= 200 ? 3 : 1);
    const changes = play(scene({ seconds: 400, factor: changed, keyFactor: changed }));
    expect(changes.map(({ state }) => state)).toEqual([CALM, 'warming-up', CALM]);
    const score = new ActivityScore(0);
    play(scene({ seconds: 120 }), score);
    expect([score.restart(120_000), score.state, score.score]).toEqual([true, 'warming-up', undefined]);
  });

  it('takes a lasting change as usual after half of its memory', () => {
    const changes = play(scene({ seconds: 900, factor: (atS) => (atS >= 300 ? 3 : 1) }));
    expect(changes.map(({ state }) => state)).toEqual([CALM, 'active', CALM]);
    expect(changes[2]!.atS).toBeLessThan(300 + 330);
  });

  it('follows dusk and dawn without an alarm', () => {
    // Sensor noise makes pictures eight times as large within an hour.
    const dusk = (atS: number): number => 2 ** Math.min(3, atS / 1_200);
    const changes = play(scene({ seconds: 5_400, factor: dusk, keyFactor: (atS) => dusk(atS) ** 0.3 }));
    expect(changes.filter(({ state }) => state === 'active')).toEqual([]);
  });

  it('compares nothing over a hole, and needs a key frame after it', () => {
    const score = new ActivityScore(0);
    const before = [...scene({ seconds: 120 })];
    play(before, score);
    score.gap();
    expect(score.unit(900_000, false, 300_000)).toBe(false);
    const after = [...scene({ seconds: 60 })].map((unit) => ({ ...unit, atMs: unit.atMs + 300_000 }));
    expect(play(after, score)).toEqual([]);
    expect(score.state).toBe(CALM);
  });

  it('does nothing with a stream of key frames alone, and never with nonsense', () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => ({ bytes: 5_000, isKey: true, atMs: index * 100 }));
    expect(play(keys)).toEqual([]);
    const units = fc.array(
      fc.record({
        bytes: fc.integer({ min: 0, max: 2 ** 31 }),
        isKey: fc.boolean(),
        atMs: fc.integer({ min: 0, max: 1e9 }),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(units, (given) => {
        const score = new ActivityScore(0);
        play(given, score);
        if (score.score !== undefined) expect(Number.isFinite(score.score)).toBe(true);
      }),
    );
  });
});

describe('the history of activity', () => {
  it('has the median and the median absolute deviation of what it holds', () => {
    const values = fc.array(fc.double({ min: -3.9, max: 3.9, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (given, capacity) => {
        const history = new ActivityHistory(capacity);
        for (const value of given) history.add(value);
        const held = given
          .slice(-capacity)
          .map((value) => Math.round(value * 128) / 128)
          .toSorted((a, b) => a - b);
        const median = held[Math.floor((held.length - 1) / 2)]!;
        expect(history.median).toBeCloseTo(median, 6);
        const distances = held.map((value) => Math.abs(value - median)).toSorted((a, b) => a - b);
        expect(history.deviation).toBeCloseTo(1.4826 * distances[Math.ceil(held.length / 2) - 1]!, 6);
        history.clear();
        expect([history.size, history.median, history.deviation]).toEqual([0, 0, 0]);
      }),
    );
  });
});
