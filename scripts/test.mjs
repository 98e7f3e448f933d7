// `npm test`: packages, types, lint, format, build, and every test. `npm test -- unit`, `npm test -- libs/rtp`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { build, installPackages, ROOT, run, tool } from './prepare.mjs';
import { listFiles, runInLanes } from './test-lanes.mjs';
import { CHECKS, countTests, planFor, SUITES } from './test-plan.mjs';

const NOTHING_FOUND = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numTotalTests: 0,
  numRuntimeErrorTestSuites: 0,
};
/** A run of Jest that died before it could report counts as one failure. */
const DIED = { ...NOTHING_FOUND, numTotalTests: 1, numRuntimeErrorTestSuites: 1 };

const reports = [];
const timings = [];
const failures = [];
let scratch;

async function main() {
  process.chdir(ROOT);
  scratch = mkdtempSync(join(tmpdir(), 'atalaya-test-'));
  const plan = planFor(process.argv.slice(2));
  try {
    await step('packages', installPackages);
    await step('debian', installDebianPackages);
    // What cannot be installed makes every later failure meaningless.
    if (failures.length === 0) await runSteps(plan);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  summarise();
}

/** What only reads the sources runs beside each other: none of them keeps two cores busy. */
async function runSteps(plan) {
  const isCheck = (name) => CHECKS.includes(name);
  await Promise.all(plan.steps.filter(isCheck).map((name) => step(name, () => RUNNERS[name](plan))));
  for (const name of plan.steps) if (!isCheck(name)) await step(name, () => RUNNERS[name](plan));
}

async function step(name, work) {
  const startedMs = performance.now();
  console.log(`\n── ${name}`);
  let result = 'ok';
  try {
    await work();
  } catch (problem) {
    result = 'FAILED';
    failures.push(name);
    console.error(problem instanceof Error ? problem.message : problem);
  }
  timings.push({ name, result, tookMs: performance.now() - startedMs });
}

/** One more than cores: tests of the database wait for it a third of their time. */
const DB_WORKERS = availableParallelism() + 1;

const RUNNERS = {
  types: () =>
    together(
      run(process.execPath, [tool('typescript', 'bin/tsc'), '-p', 'tsconfig.json'], { failure: 'types of the server' }),
      run(process.execPath, [tool('typescript', 'bin/tsc'), '-p', 'apps/console/tsconfig.json'], {
        failure: 'types of the console',
      }),
      run(process.execPath, [tool('typescript', 'bin/tsc'), '-p', 'scripts/e2e/tsconfig.json'], {
        failure: 'types of the browser tests',
      }),
    ),
  lint: () => run(process.execPath, [tool('oxlint', 'bin/oxlint'), '--deny-warnings'], { failure: 'oxlint' }),
  format: () =>
    run(process.execPath, [tool('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'], {
      failure: 'prettier --check (npm run format repairs it)',
    }),
  build,
  unit: (plan) => jest('unit', plan.paths),
  db: (plan) => withDatabaseServer((server) => jest('db', plan.paths, { ATALAYA_TEST_SERVER: server }, DB_WORKERS)),
  e2e: async (plan) => {
    const found = await runInLanes(listFiles('e2e', plan.paths), scratch);
    for (const report of found) addReport('e2e', report, plan.paths);
    if (found.length === 0) addReport('e2e', NOTHING_FOUND, plan.paths);
    if (found.some((report) => report?.success !== true)) throw new Error('e2e tests');
  },
};

/** Jest with as many workers as there are cores: it would leave one idle. */
async function jest(suite, paths, env = {}, workers = availableParallelism()) {
  const outputFile = join(scratch, `${suite}.json`);
  const args = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', tool('jest', 'bin/jest.js')];
  args.push(
    '--selectProjects',
    suite,
    '--json',
    `--outputFile=${outputFile}`,
    '--passWithNoTests',
    `--maxWorkers=${workers}`,
  );
  if (paths.length > 0) args.push('--testPathPatterns', ...paths);
  try {
    // Jest tells its progress on standard error and, with --json, the report on standard output.
    await run(process.execPath, args, {
      failure: `${suite} tests`,
      show: 'errors',
      env: { ...process.env, NODE_ENV: 'test', ...env },
    });
  } finally {
    addReport(suite, readReport(outputFile), paths);
  }
}

function addReport(suite, report, paths) {
  reports.push({ suite, report: report ?? DIED, filtered: paths.length > 0 });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The server that is given, else an embedded PostgreSQL for this run alone. */
async function withDatabaseServer(work) {
  if (process.env.ATALAYA_TEST_SERVER) return work(process.env.ATALAYA_TEST_SERVER);
  const { startTestServer } = await import('../dist/scripts/test-server.js');
  const server = await startTestServer();
  try {
    await work(server.url);
  } finally {
    await server.stop();
  }
}

/** Beside each other; both are heard out, so that one wrong type does not hide another. */
async function together(...works) {
  const problems = (await Promise.allSettled(works)).filter((result) => result.status === 'rejected');
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.reason.message).join('\n'));
}

function summarise() {
  const counted = countTests(reports);
  console.log('');
  for (const { name, result, tookMs } of timings) {
    console.log(`  ${name.padEnd(10)} ${(tookMs / 1000).toFixed(1).padStart(7)} s  ${result}`);
  }
  const totalMs = timings.reduce((sum, { tookMs }) => sum + tookMs, 0);
  console.log(`  ${'total'.padEnd(10)} ${(totalMs / 1000).toFixed(1).padStart(7)} s`);
  const suiteProblems = SUITES.some((suite) => timings.some(({ name }) => name === suite)) ? counted.problems : [];
  for (const problem of suiteProblems) console.error(`\n${problem}`);
  if (failures.length > 0) console.error(`\nfailed: ${failures.join(', ')}`);
  // A step that is no test suite (types, lint), or a suite that could not begin, is one failure in the sum.
  const failedSteps = failures.filter((name) => !reports.some(({ suite }) => suite === name)).length;
  console.log(`\n${counted.passed} passed, ${counted.failed + failedSteps} failed`);
  if (failures.length > 0 || counted.failed > 0 || suiteProblems.length > 0) process.exitCode = 1;
}

await main();
