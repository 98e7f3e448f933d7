// Suites of processes and browsers wait more than they compute: several run beside each other, each in a lane. A lane
// has a network of its own where the kernel lets us make one, because the pretended town has fixed loopback addresses and
// WS-Discovery reaches the whole machine.
import { fork, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, tool } from './prepare.mjs';

/**
 * On two cores a third lane fills the waits of the other two; a fourth makes timed steps of the browser late, unless it only
 * has what is {@link LIGHT}.
 */
const LANES = Math.min(Math.max(availableParallelism() + 1, 3), 6);
const LANE_PROGRAM = join(ROOT, 'scripts', 'test-lane.mjs');

/** Begin first, so that none of them is left running alone at the end. */
const LONG = [
  'scripts/e2e/ptz',
  'apps/relay/low-latency.',
  'scripts/e2e/watchtower',
  'apps/relay/tiles',
  'scripts/e2e/tiles',
  'camera-sim/rtsp/foreign-clients',
  'bench/quick',
  'scripts/e2e/first-day',
  'scripts/e2e/pages',
];

/** A browser that decodes twelve pictures wants a core: no two of these beside each other, or their timed steps are late. */
const WALLS = /^scripts\/e2e\/(watchtower|tiles|relays)\./;

/** What mostly waits: for a tour to dwell, a lease to end, a process to come back. Has a lane of its own. */
const LIGHT =
  /^scripts\/e2e\/(ptz|external-database)\.|^apps\/relay\/leases\.|^apps\/api\/src\/(main|cameras\/discovery)\./;

/** Suites that bring peers of their own and leave the addresses of the town alone: they may run beside one that does not. */
const OWN_PEERS =
  /^(libs|bench|scripts\/supervisor)\/|^scripts\/chaos-(ledger|dispatch)\.|^apps\/relay\/((relay|hostile|database|ffmpeg|frame-exact)\.|src\/)|^apps\/api\/src\/main\./;

/** Runs each file by a Jest of its own and answers their JSON reports, those that died as `undefined`. */
export async function runInLanes(files, scratch) {
  const isolation = isolationHere();
  if (!isolation) console.log('  no networks of our own here (unshare, ip): suites of the town run one at a time');
  const reports = [];
  const running = new Set();
  const [shared, light] = lightApart(files);
  const queues = isolation ? [...Array.from({ length: LANES }, () => shared), light] : townApart(files);
  await Promise.all(
    queues.map(async (queue) => {
      const lane = openLane(isolation);
      try {
        await drain(queue, lane, scratch, reports, running);
      } finally {
        await lane.close();
      }
    }),
  );
  return reports;
}

/** Paths of a suite's files, relative to the project. */
export function listFiles(suite, patterns) {
  const args = ['--experimental-vm-modules', '--no-warnings', tool('jest', 'bin/jest.js'), '--listTests', '--json'];
  args.push('--selectProjects', suite);
  if (patterns.length > 0) args.push('--testPathPatterns', ...patterns);
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`jest --listTests ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout).map((file) => relative(ROOT, file));
}

export function longestFirst(files) {
  const rank = (file) => {
    const index = LONG.findIndex((start) => file.startsWith(start));
    return index < 0 ? LONG.length : index;
  };
  return files.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

export function lightApart(files) {
  return [files.filter((file) => !LIGHT.test(file)), files.filter((file) => LIGHT.test(file))].map(longestFirst);
}

export function townApart(files) {
  const own = files.filter((file) => OWN_PEERS.test(file));
  return [files.filter((file) => !OWN_PEERS.test(file)), own].map(longestFirst);
}

/** How to run a program in a network of its own: as root, or as the same user in a namespace; `undefined` when we may not. */
function isolationHere() {
  const asUser = process.getuid() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
  const command = ['unshare', '--net', ...asUser, '--'];
  const tried = spawnSync(command[0], [...command.slice(1), 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
  return tried.status === 0 ? command : undefined;
}

async function drain(queue, lane, scratch, reports, running) {
  for (let file = takeNext(queue, running); file !== undefined; file = takeNext(queue, running)) {
    running.add(file);
    const outputFile = join(scratch, `${createHash('sha1').update(file).digest('hex')}.json`);
    const startedMs = performance.now();
    const { code, said } = await lane.run({ file, outputFile });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
    console.log(`  ${seconds} s  ${file}${code === 0 ? '' : `  FAILED\n${said}`}`);
    reports.push(reportIn(outputFile));
    running.delete(file);
  }
}

/** The first that may run beside those that run; a wall that is left for the end waits for nobody. */
export function takeNext(queue, running) {
  const isWallRunning = [...running].some((file) => WALLS.test(file));
  const index = queue.findIndex((file) => !(isWallRunning && WALLS.test(file)));
  return queue.splice(Math.max(index, 0), 1)[0];
}

function reportIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A process that runs one file after another. It ends by itself when we are gone. */
function openLane(isolation) {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const env = { ...process.env, NODE_ENV: 'test' };
  const child = isolation
    ? spawn(isolation[0], [...isolation.slice(1), process.execPath, LANE_PROGRAM, 'isolated'], {
        cwd: ROOT,
        env,
        stdio,
      })
    : fork(LANE_PROGRAM, [], { cwd: ROOT, env, stdio });
  let pending;
  child.on('message', (message) => pending?.resolve(message));
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  void ended.then((how) => pending?.reject(new Error(`a lane of tests ended: ${how}`)));
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject };
        if (!child.connected) return reject(new Error('a lane of tests could not begin'));
        child.send(job);
      }),
    close: () => {
      pending = undefined;
      if (child.connected) child.disconnect();
      return ended;
    },
  };
}
