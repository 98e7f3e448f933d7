import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import type { AlarmSignal } from '#libs/alarm';
import { AlarmBook, type Alarm } from './alarm-book.ts';

let clock: FakeClock;
let book: AlarmBook;
let raises: boolean;
let urgent: number;

beforeEach(() => {
  clock = new FakeClock();
  raises = true;
  urgent = 0;
  book = new AlarmBook(clock, { cooldownMs: () => 30_000, isRaised: () => raises });
  book.onUrgent = () => urgent++;
});

const signal = (change: Partial<AlarmSignal> = {}): AlarmSignal => ({
  cameraId: 'c1',
  kind: 'motion',
  source: 'onvif',
  origin: 'a',
  phase: 'began',
  detail: 'VideoSource/MotionAlarm',
  ...change,
});
const open = (id: string, change: Partial<Alarm> = {}): Alarm => ({
  id,
  cameraId: 'c1',
  kind: 'camera-offline',
  source: 'relay',
  detail: '',
  raised: true,
  course: {
    startedAtMs: 1,
    lastSeenAtMs: 2,
    endedAtMs: null,
    endCause: null,
    repeats: 0,
    acknowledgedAtMs: null,
    origins: ['camera-offline'],
    quietAtMs: null,
  },
  ...change,
});

describe('the book of alarms', () => {
  it('is written at once when one begins or ends, and later when one merely goes on', () => {
    book.take(signal());
    expect([urgent, book.takeDirty().length]).toEqual([1, 1]);
    book.take(signal({ origin: 'b' }));
    expect([urgent, book.takeDirty().length]).toEqual([1, 1]);
    book.take(signal({ phase: 'ended' }));
    expect([urgent, book.takeDirty().length]).toEqual([1, 0]);
    book.take(signal({ phase: 'ended', origin: 'b' }));
    expect([urgent, book.takeDirty().length]).toEqual([2, 1]);
    expect(book.isOpen('c1', 'motion')).toBe(false);
  });

  it('gives back what could not be written, unless something newer of it waits', () => {
    book.take(signal());
    const taken = book.takeDirty();
    book.take(signal({ phase: 'ended' }));
    book.giveBack(taken);
    expect(book.takeDirty()).toMatchObject([{ course: { endCause: 'cleared' } }]);
  });

  it('writes what has ended before what has begun', async () => {
    book.take(signal());
    book.take(signal({ phase: 'ended' }));
    await clock.advance(60_000);
    book.take(signal());
    expect(book.takeDirty().map(({ course }) => course.endedAtMs === null)).toEqual([false, true]);
  });

  it('raises an alarm that was only recorded when it is told again at an hour that wants it', () => {
    raises = false;
    book.take(signal());
    expect(book.takeDirty()).toMatchObject([{ raised: false }]);
    raises = true;
    book.take(signal({ detail: 'another rule' }));
    expect([urgent, book.takeDirty()]).toMatchObject([2, [{ raised: true, detail: 'another rule' }]]);
  });

  it('leaves none of an earlier run open for ever', () => {
    const motion = { kind: 'motion', source: 'onvif' } as const;
    book.restore([open('new'), open('double'), open('m', motion)]);
    // Newest first: the relay will say how the first goes on; nobody can for the others.
    const written = book.takeDirty();
    expect(written.map(({ id, course }) => [id, course.endCause, course.endedAtMs])).toEqual([
      ['double', 'restart', 2],
      ['m', 'restart', 2],
    ]);
    expect([book.isOpen('c1', 'camera-offline'), book.isOpen('c1', 'motion')]).toEqual([true, false]);
    book.take(signal({ kind: 'camera-offline', source: 'relay', origin: 'camera-offline', phase: 'ended' }));
    expect(book.takeDirty()).toMatchObject([{ id: 'new', course: { endCause: 'cleared' } }]);
  });

  it('goes on with an alarm of an earlier run that the camera tells of again', () => {
    const nowMs = clock.nowMs();
    const motion = open('m', { kind: 'motion', source: 'onvif' });
    book.restore([{ ...motion, course: { ...motion.course, lastSeenAtMs: nowMs - 5_000 } }]);
    book.take(signal());
    expect(book.takeDirty()).toMatchObject([{ id: 'm', course: { endedAtMs: null, repeats: 1 } }]);
  });

  it('keeps no more waiting than its bound while nothing can be written', () => {
    for (let index = 0; index < 5_100; index++) book.take(signal({ cameraId: `c${index}` }));
    expect([book.takeDirty().length, book.lost]).toEqual([5_000, 100]);
  });
});
