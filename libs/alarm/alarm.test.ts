import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import {
  ACKNOWLEDGED_FOR_MS,
  HAPPENED_FOR_MS,
  UNHEARD_FOR_MS,
  covers,
  defaultMeaningOf,
  limaMinute,
  meaningOf,
  onLost,
  onSignal,
  onTime,
  signalOf,
  wantsAttention,
  type AlarmCourse,
  type AlarmSignal,
} from '#libs/alarm';
import type { EventMessage } from '#libs/onvif';
import type { AlarmSchedule } from '#libs/wire';

const RULE = { cooldownMs: 30_000 };
const signal = (phase: AlarmSignal['phase'], origin = 'a', source: AlarmSignal['source'] = 'onvif'): AlarmSignal => ({
  cameraId: 'c',
  kind: 'motion',
  source,
  origin,
  phase,
  detail: '',
});

/** What becomes of a camera whose signals come at these times. */
function play(steps: readonly (readonly [atMs: number, signal: AlarmSignal])[]): {
  changes: string[];
  course: AlarmCourse | undefined;
} {
  let course: AlarmCourse | undefined;
  const changes = steps.map(([atMs, one]) => {
    const step = onSignal(course, one, atMs, RULE);
    course = step.course;
    return step.change;
  });
  return { changes, course };
}

describe('the course of an alarm', () => {
  it('begins, is not counted when the state is merely told again, and ends', () => {
    const { changes, course } = play([
      [0, signal('began')],
      [1_000, signal('began')],
      [2_000, signal('ended')],
      [3_000, signal('ended')],
    ]);
    expect(changes).toEqual(['begun', 'repeated', 'ended', 'none']);
    expect(course).toMatchObject({ startedAtMs: 0, endedAtMs: 2_000, endCause: 'cleared', repeats: 0 });
  });

  it('goes on within the cooldown, and is another one after it', () => {
    const { changes, course } = play([
      [0, signal('began')],
      [1_000, signal('ended')],
      [31_000, signal('began')],
      [32_000, signal('ended')],
      [62_001, signal('began')],
    ]);
    expect(changes).toEqual(['begun', 'ended', 'reopened', 'ended', 'begun']);
    expect(course).toMatchObject({ startedAtMs: 62_001, repeats: 0, endedAtMs: null });
  });

  it('is over when everything that held it open is over', () => {
    const { changes } = play([
      [0, signal('began', 'a')],
      [1, signal('began', 'b')],
      [2, signal('ended', 'a')],
      [3, signal('ended', 'never heard of')],
      [4, signal('ended', 'b')],
    ]);
    expect(changes).toEqual(['begun', 'repeated', 'none', 'none', 'ended']);
  });

  it('ends by itself when it only happened, or when nothing more is heard of it', () => {
    const happened = play([[0, signal('happened')]]).course!;
    expect(onTime(happened, HAPPENED_FOR_MS - 1).change).toBe('none');
    expect(onTime(happened, HAPPENED_FOR_MS)).toMatchObject({ change: 'ended', course: { endCause: 'quiet' } });
    const began = play([
      [0, signal('began')],
      [60_000, signal('began')],
    ]).course!;
    expect(onTime(began, UNHEARD_FOR_MS + 59_999).change).toBe('none');
    expect(onTime(began, UNHEARD_FOR_MS + 60_000).change).toBe('ended');
    // What the relay says holds until it says otherwise.
    expect(onTime(play([[0, signal('began', 'a', 'relay')]]).course!, 1e12).change).toBe('none');
  });

  it('takes repeats after it was acknowledged, for a while', () => {
    const ended = play([
      [0, signal('began')],
      [1_000, signal('ended')],
    ]).course!;
    const seen = { ...ended, acknowledgedAtMs: 500 };
    expect(onSignal(seen, signal('began'), 20_000, RULE).change).toBe('reopened');
    const late = { ...seen, endedAtMs: ACKNOWLEDGED_FOR_MS };
    expect(onSignal(late, signal('began'), ACKNOWLEDGED_FOR_MS + 501, RULE).change).toBe('begun');
  });

  it('is over with its cause when nobody can say how it goes on', () => {
    const open = play([[0, signal('began')]]).course!;
    const lost = onLost(open, 9_000, 'source-lost');
    expect(lost).toMatchObject({ change: 'ended', course: { endedAtMs: 9_000, endCause: 'source-lost', origins: [] } });
    expect(onLost(lost.course!, 10_000, 'restart').change).toBe('none');
  });

  it('never ends before it began, and is open exactly while something holds it', () => {
    const steps = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 60_000 }),
        fc.constantFrom('began', 'ended', 'happened'),
        fc.constantFrom('a', 'b'),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (given) => {
        let nowMs = 0;
        let course: AlarmCourse | undefined;
        for (const [afterMs, phase, origin] of given) {
          nowMs += afterMs;
          const before = course;
          const step = onSignal(course, signal(phase as 'began', origin), nowMs, RULE);
          course = step.course;
          if (!course) continue;
          expect(course.endedAtMs === null).toBe(course.origins.length > 0);
          expect(course.endedAtMs ?? nowMs).toBeGreaterThanOrEqual(course.startedAtMs);
          if (step.change === 'begun') expect(course.repeats).toBe(0);
          else expect(course.repeats).toBeGreaterThanOrEqual(before?.repeats ?? 0);
        }
      }),
    );
  });
});

describe('a schedule', () => {
  const night: AlarmSchedule = { kinds: ['motion'], days: [5, 6], fromMinute: 22 * 60, toMinute: 5 * 60 };
  const at = (text: string): number => Date.parse(`${text}-05:00`);

  it('is of the local day, as a calendar of somebody else has it', () => {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/Lima',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2040, 0, 1) }), (atMs) => {
        const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
        const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
        expect(limaMinute(atMs)).toEqual({ day: names.indexOf(parts['weekday']!), minute });
      }),
    );
  });

  it.each([
    ['2026-11-20T21:59:59', false],
    ['2026-11-20T22:00:00', true],
    ['2026-11-21T04:59:00', true],
    ['2026-11-21T05:00:00', false],
    ['2026-11-22T04:00:00', true],
    ['2026-11-22T23:00:00', false],
    ['2026-11-20T04:00:00', false],
  ])('past midnight belongs to the day on which it begins: %s is %s', (text, expected) => {
    expect(covers(night, at(text))).toBe(expected);
  });

  it('takes a whole day, and a day that ends where it begins', () => {
    const day = { ...night, days: [5], fromMinute: 0, toMinute: 1_440 };
    expect([covers(day, at('2026-11-20T00:00:00')), covers(day, at('2026-11-20T23:59:59'))]).toEqual([true, true]);
    expect(covers(day, at('2026-11-21T00:00:00'))).toBe(false);
    const round = { ...night, days: [5], fromMinute: 600, toMinute: 600 };
    expect([covers(round, at('2026-11-20T10:00:00')), covers(round, at('2026-11-21T09:59:00'))]).toEqual([true, true]);
    expect(covers(round, at('2026-11-21T10:00:00'))).toBe(false);
  });

  it('decides for the kinds that it names; for the others the list of the centre does', () => {
    const noon = at('2026-11-20T12:00:00');
    expect(wantsAttention('motion', noon, [night], ['motion'])).toBe(false);
    expect(wantsAttention('motion', noon, [], ['motion'])).toBe(true);
    expect(wantsAttention('tamper', noon, [night], ['tamper'])).toBe(true);
    expect(wantsAttention('tamper', noon, [night], [])).toBe(false);
    expect(wantsAttention('motion', at('2026-11-20T23:00:00'), [night], [])).toBe(true);
  });
});

describe('a topic', () => {
  const message = (data: EventMessage['data'], change: Partial<EventMessage> = {}): EventMessage => ({
    topic: 'VideoSource/MotionAlarm',
    operation: 'changed',
    source: [{ name: 'Source', value: 'VideoSource_1' }],
    data,
    ...change,
  });

  it('means what ONVIF says, then what somebody says for one camera', () => {
    expect(defaultMeaningOf('RuleEngine/CellMotionDetector/Motion')).toBe('motion');
    expect(defaultMeaningOf('VideoSource/GlobalSceneChange/AnalyticsService')).toBe('tamper');
    expect(defaultMeaningOf('VideoSource/GlobalSceneChange')).toBeUndefined();
    for (const topic of ['constructor', 'toString', '__proto__', '', '/*', 'a/b'])
      expect([topic, defaultMeaningOf(topic)]).toEqual([topic, undefined]);
    const mapped = new Map([
      ['a/b', 'line-crossed'],
      ['VideoSource/MotionAlarm', 'ignored'],
    ] as const);
    expect(meaningOf('a/b', mapped)).toBe('line-crossed');
    expect(meaningOf('VideoSource/MotionAlarm', mapped)).toBe('ignored');
  });

  it.each([
    [[{ name: 'State', value: 'true' }], 'began'],
    [[{ name: 'IsMotion', value: 'FALSE' }], 'ended'],
    [[{ name: 'ObjectId', value: '1' }], 'happened'],
    [
      [
        { name: 'Simulated', value: 'true' },
        { name: 'State', value: 'false' },
      ],
      'ended',
    ],
    [[], 'happened'],
  ] as const)('says %j: it %s', (data, phase) => {
    expect(signalOf('c', 'motion', message(data)).phase).toBe(phase);
  });

  it('that was deleted with its rule has ended; the rule names the alarm', () => {
    expect(signalOf('c', 'motion', message([{ name: 'State', value: 'true' }], { operation: 'deleted' })).phase).toBe(
      'ended',
    );
    const source = [{ name: 'Rule', value: 'Cerco norte' }];
    expect(signalOf('c', 'line-crossed', message([], { source }))).toMatchObject({
      detail: 'VideoSource/MotionAlarm · Cerco norte',
      origin: 'VideoSource/MotionAlarm|Rule=Cerco norte',
    });
  });
});
