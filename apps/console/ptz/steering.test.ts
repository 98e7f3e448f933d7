import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '#libs/base';
import { directionOfKey, Steering, type Velocity } from './steering.ts';

interface Sent {
  readonly atMs: number;
  readonly what: Velocity | 'stop';
  readonly press: string;
}

const RIGHT: Velocity = { pan: 1, tilt: 0, zoom: 0 };
const UP: Velocity = { pan: 0, tilt: 1, zoom: 0 };

function desk(answerAfterMs = 20, refuse: () => Error | undefined = () => undefined) {
  const clock = new FakeClock();
  const sent: Sent[] = [];
  const refused: unknown[] = [];
  const answer = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const error = refuse();
      clock.after(answerAfterMs, () => (error ? reject(error) : resolve()));
    });
  const line = {
    move: (what: Velocity, press: string) => (sent.push({ atMs: clock.monotonicMs(), what, press }), answer()),
    stop: (press: string) => (sent.push({ atMs: clock.monotonicMs(), what: 'stop', press }), answer()),
  };
  return { clock, sent, refused, steering: new Steering(clock, line, (error) => refused.push(error)) };
}

describe('a pressed key', () => {
  it('moves at once, again while it lasts, and stops at once', async () => {
    const { clock, sent, steering } = desk();
    steering.press('ArrowRight', RIGHT);
    expect(sent).toMatchObject([{ atMs: 0, what: { pan: 0.5, tilt: 0, zoom: 0 } }]);
    await clock.advance(1_000);
    steering.release('ArrowRight');
    await clock.advance(3_000);
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 400, 800, 1_000]);
    expect(sent.at(-1)?.what).toBe('stop');
    expect(new Set(sent.map(({ press }) => press)).size).toBe(1);
  });

  it('adds up with others, changes soon and not more than five times a second', async () => {
    const { clock, sent, steering } = desk();
    steering.setSpeed(1);
    steering.press('ArrowRight', RIGHT);
    await clock.advance(50);
    steering.press('ArrowUp', UP);
    await clock.advance(150);
    expect(sent[1]).toMatchObject({ atMs: 200, what: { pan: 1, tilt: 1 } });
    steering.release('ArrowRight');
    steering.release('ArrowUp');
    expect(sent.at(-1)).toMatchObject({ atMs: 200, what: 'stop' });
  });

  it('waits for a slow camera instead of heaping orders up', async () => {
    const { clock, sent, steering } = desk(1_500);
    steering.press('ArrowRight', RIGHT);
    await clock.advance(1_400);
    expect(sent).toHaveLength(1);
    steering.releaseAll();
    expect(sent).toHaveLength(2);
  });

  it('that is refused is over, and says why once', async () => {
    const held = new Error('ptz-held');
    const { clock, sent, refused, steering } = desk(20, () => held);
    steering.press('ArrowRight', RIGHT);
    await clock.advance(2_000);
    expect([sent.length, refused, steering.isPressed]).toEqual([1, [held], false]);
    steering.release('ArrowRight');
    expect(sent).toHaveLength(1);
  });

  it('never leaves the camera without a stop, nor sends more than six moves in a second of one press', async () => {
    const action = fc.constantFrom('press-a', 'press-b', 'release-a', 'release-b', 'blur', 'speed');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.nat(700)), { maxLength: 40 }), async (actions) => {
        const { clock, sent, steering } = desk(30);
        for (const [what, laterMs] of actions) {
          const [verb, name] = what.split('-');
          if (verb === 'press') steering.press(name!, name === 'a' ? RIGHT : UP);
          else if (verb === 'release') steering.release(name!);
          else if (verb === 'speed') steering.setSpeed(1);
          else steering.releaseAll();
          await clock.advance(laterMs);
        }
        steering.releaseAll();
        await clock.advance(5_000);
        if (sent.length > 0) expect(sent.at(-1)?.what).toBe('stop');
        for (const { atMs, press, what } of sent) {
          if (what === 'stop') continue;
          const near = sent.filter((other) => other.press === press && other.what !== 'stop');
          expect(near.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1_000).length).toBeLessThanOrEqual(6);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('keys', () => {
  it('are the arrows and the signs of plus and minus', () => {
    expect(directionOfKey('ArrowLeft')).toEqual({ pan: -1, tilt: 0, zoom: 0 });
    expect([directionOfKey('+'), directionOfKey('=')]).toEqual([{ pan: 0, tilt: 0, zoom: 1 }, directionOfKey('+')]);
    expect(directionOfKey('a')).toBeUndefined();
  });
});
