import { describe, expect, it } from '@jest/globals';
import { countTests, planFor } from './test-plan.mjs';

const GREEN = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numTotalTests: 3,
  numRuntimeErrorTestSuites: 0,
};
const NONE = { ...GREEN, numPassedTests: 0, numTotalTests: 0 };

describe('planFor', () => {
  it.each([
    [[], 'types lint format build unit db e2e', []],
    [['unit'], 'unit', []],
    [['lint', 'types'], 'types lint', []],
    [['db'], 'build db', []],
    [['libs/rtp'], 'build unit db e2e', ['libs/rtp']],
    [['libs/rtp/rtp.test.ts'], 'unit', ['libs/rtp/rtp.test.ts']],
    [['apps/api/src/access/access.db.test.ts'], 'build db', ['apps/api/src/access/access.db.test.ts']],
    [['unit', 'libs/rtp'], 'unit', ['libs/rtp']],
  ])('%j runs %s', (words, steps, paths) => {
    expect(planFor(words)).toEqual({ steps: steps.split(' '), paths });
  });
});

describe('countTests', () => {
  it('sums the suites', () => {
    const reports = ['unit', 'db'].map((suite) => ({ suite, report: GREEN, filtered: false }));
    expect(countTests(reports)).toEqual({ passed: 6, failed: 0, problems: [] });
  });

  it('counts what was skipped and what died as failed', () => {
    const report = { ...GREEN, numPendingTests: 1, numTodoTests: 1, numRuntimeErrorTestSuites: 1 };
    const counted = countTests([{ suite: 'unit', report, filtered: false }]);
    expect(counted).toMatchObject({ passed: 3, failed: 3 });
    expect(counted.problems[0]).toContain('skipped');
  });

  it('does not take silence for success', () => {
    expect(countTests([{ suite: 'db', report: NONE, filtered: false }]).problems).toEqual([
      'db: no test was found',
      'no test was run',
    ]);
    const filtered = ['unit', 'db'].map((suite) => ({ suite, report: suite === 'db' ? NONE : GREEN, filtered: true }));
    expect(countTests(filtered).problems).toEqual([]);
  });
});
