import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  actionOf,
  advance,
  beginTour,
  failed,
  looked,
  resumeTour,
  stepOf,
  went,
  type Tour,
  type TourRun,
} from '#libs/ptz';

const TOUR: Tour = {
  id: 'tour',
  name: 'Ronda',
  steps: [
    { preset: 'a', dwellMs: 5_000 },
    { preset: 'b', dwellMs: 7_000 },
    { preset: 'c', dwellMs: 3_000 },
  ],
};
const go = (preset: string) => ({ kind: 'go', preset });

describe('a tour', () => {
  it('goes, waits until the camera stands, dwells, and goes on, round and round', () => {
    let run = beginTour(TOUR);
    let nowMs = 0;
    const visits: string[] = [];
    for (let visit = 0; visit < 7; visit++) {
      run = advance(run, nowMs);
      const action = actionOf(run, nowMs);
      if (action?.kind !== 'go') throw new Error(`expected to go, got ${JSON.stringify(action)}`);
      visits.push(action.preset);
      run = went(run, nowMs);
      expect(actionOf(run, nowMs + 499)).toBeUndefined();
      nowMs += 500;
      expect(actionOf(run, nowMs)).toEqual({ kind: 'look' });
      run = looked(run, nowMs, true);
      nowMs += 500;
      run = looked(run, nowMs, false);
      const dwellMs = stepOf(run).dwellMs;
      expect(actionOf(advance(run, nowMs + dwellMs - 1), nowMs + dwellMs - 1)).toBeUndefined();
      nowMs += dwellMs;
    }
    expect(visits.join('')).toBe('abcabca');
  });

  it('dwells at once when the camera does not say whether it moves, and by 15 s when it always says that it does', () => {
    const travelling = went(beginTour(TOUR), 0);
    expect(looked(travelling, 500, undefined).phase).toEqual({ kind: 'dwelling', untilMs: 5_500 });
    let run = travelling;
    let nowMs = 0;
    while (run.phase.kind === 'travelling') run = looked(run, (nowMs += 500), true);
    expect(run.phase).toEqual({ kind: 'dwelling', untilMs: 20_000 });
  });

  it('leaves out a preset that fails, says so, and does not wait for it', () => {
    const run = failed({ ...beginTour(TOUR), step: 1 }, 9, { code: 'onvif-fault', scope: 'preset' });
    expect(actionOf(run, 9)).toEqual(go('c'));
    expect(run.skipped).toEqual([{ preset: 'b', code: 'onvif-fault', atMs: 9 }]);
    expect(run.problem).toBeNull();
  });

  it('waits when no preset works, a round at a time', () => {
    let run = beginTour(TOUR);
    for (let count = 0; count < 3; count++) run = failed(run, 0, { code: 'onvif-fault', scope: 'preset' });
    expect(run).toMatchObject({
      step: 0,
      phase: { kind: 'waiting', untilMs: 2_000 },
      problem: { code: 'onvif-fault' },
    });
    run = advance(run, 2_000);
    for (let count = 0; count < 3; count++) run = failed(run, 2_000, { code: 'onvif-fault', scope: 'preset' });
    expect(run.phase).toEqual({ kind: 'waiting', untilMs: 6_000 });
  });

  it('keeps its place while the camera is away, tries ever more rarely, and goes on when it is back', () => {
    let run: TourRun = { ...beginTour(TOUR), step: 2 };
    let nowMs = 0;
    const waitsMs: number[] = [];
    for (let count = 0; count < 7; count++) {
      run = failed(run, nowMs, { code: 'onvif-unreachable', scope: 'camera' });
      if (run.phase.kind !== 'waiting') throw new Error('expected to wait');
      waitsMs.push(run.phase.untilMs - nowMs);
      expect(actionOf(advance(run, run.phase.untilMs - 1), run.phase.untilMs - 1)).toBeUndefined();
      nowMs = run.phase.untilMs;
      run = advance(run, nowMs);
      expect(actionOf(run, nowMs)).toEqual(go('c'));
    }
    expect(waitsMs).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(run.problem).toEqual({ code: 'onvif-unreachable', sinceMs: 0 });
    expect(went(run, nowMs)).toMatchObject({ step: 2, problem: null, failures: 0, skipped: [] });
  });

  it('goes to the same step again after a pause', () => {
    const dwelling = looked(went({ ...beginTour(TOUR), step: 1 }, 0), 500, false);
    expect(actionOf(resumeTour(dwelling), 600)).toEqual(go('b'));
  });

  it('visits in order whatever happens, and always has something to do or an instant to wait for', () => {
    const happening = fc.constantFrom('fine', 'preset', 'camera', 'pause');
    fc.assert(
      fc.property(fc.array(fc.tuple(happening, fc.nat(20_000)), { maxLength: 80 }), (happenings) => {
        let run = beginTour(TOUR);
        let nowMs = 0;
        for (const [what, laterMs] of happenings) {
          nowMs += laterMs;
          run = advance(run, nowMs);
          const before = run.step;
          if (what === 'pause') run = resumeTour(run);
          const action = actionOf(run, nowMs);
          if (action?.kind === 'look') run = looked(run, nowMs, what === 'camera');
          else if (action?.kind === 'go' && what === 'fine') run = went(run, nowMs);
          else if (action?.kind === 'go' && what !== 'pause')
            run = failed(run, nowMs, { code: 'x', scope: what as 'preset' | 'camera' });
          expect((run.step - before + 3) % 3).toBeLessThanOrEqual(1);
          expect(run.skipped.length).toBeLessThanOrEqual(8);
          const { phase } = run;
          const waitsUntilMs =
            phase.kind === 'due' ? nowMs : phase.kind === 'travelling' ? phase.lookAtMs : phase.untilMs;
          expect(waitsUntilMs - nowMs).toBeLessThanOrEqual(30_000);
        }
      }),
    );
  });
});
