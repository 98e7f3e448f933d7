// What `npm test` runs, and which part of it the words after `--` ask for.

/** Order is cheap first: a wrong type should not wait for a browser. */
export const STEPS = ['types', 'lint', 'format', 'build', 'unit', 'db', 'e2e'];
/** Steps that need nothing built and leave nothing behind. */
export const CHECKS = ['types', 'lint', 'format'];
export const SUITES = ['unit', 'db', 'e2e'];

/**
 * `[]`: everything. Names of steps: those. Paths: the tests whose path holds one of them, in the suites that their
 * endings name (all three for a folder). What a suite needs to run is added.
 */
export function planFor(words) {
  const named = words.filter((word) => STEPS.includes(word));
  const paths = words.filter((word) => !STEPS.includes(word));
  if (words.length === 0) return { steps: [...STEPS], paths };
  const wanted = new Set(named);
  if (named.length === 0) for (const path of paths) for (const suite of suitesOf(path)) wanted.add(suite);
  // Database tests are given a server by the compiled supervisor, process tests start compiled programs.
  if (wanted.has('db') || wanted.has('e2e')) wanted.add('build');
  return { steps: STEPS.filter((step) => wanted.has(step)), paths };
}

function suitesOf(path) {
  if (path.endsWith('.db.test.ts')) return ['db'];
  if (path.endsWith('.e2e.test.ts')) return ['e2e'];
  return path.endsWith('.test.ts') ? ['unit'] : SUITES;
}

/** Sums Jest's JSON reports. What was not run counts as failed: there is no reason to skip that a fix would not be. */
export function countTests(reports) {
  const sum = { passed: 0, failed: 0, problems: [] };
  for (const { suite, report, filtered } of reports) {
    const unrun = report.numPendingTests + report.numTodoTests;
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests + report.numRuntimeErrorTestSuites + unrun;
    if (unrun > 0) sum.problems.push(`${suite}: ${unrun} tests were skipped; skipping is not allowed`);
    if (report.numTotalTests === 0 && !filtered) sum.problems.push(`${suite}: no test was found`);
  }
  if (sum.passed + sum.failed === 0) sum.problems.push('no test was run');
  return sum;
}
