// One lane of test-lanes.mjs: runs the files that it is told, one after another, until nobody is there to tell it.
import { execFileSync, spawn } from 'node:child_process';
import { ROOT, tool } from './prepare.mjs';

/** The end of what Jest said: enough for every failure of a file. */
const MAX_KEPT_CHARS = 64 * 1024;

let current;
let server;
const isIsolated = process.argv[2] === 'isolated';
if (isIsolated) openNetwork();
process.on('message', (job) => void work(job));
process.on('disconnect', () => void leave());

/** A new network has its loopback down and no way for multicast, which WS-Discovery is. */
function openNetwork() {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('ip', ['route', 'add', '224.0.0.0/4', 'dev', 'lo']);
}

async function work({ file, outputFile }) {
  try {
    process.send(await jest(file, outputFile, await serverHere()));
  } catch (thrown) {
    process.send({ code: 1, said: String(thrown?.stack ?? thrown) });
  }
}

/** The server that is given, where it can be reached; else one of this lane's own, from the first file on. */
async function serverHere() {
  const given = process.env.ATALAYA_TEST_SERVER;
  if (given && !isIsolated) return given;
  const { startTestServer } = await import('../dist/scripts/test-server.js');
  server ??= await startTestServer();
  return server.url;
}

function jest(file, outputFile, serverUrl) {
  const args = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', tool('jest', 'bin/jest.js')];
  args.push('--selectProjects', 'e2e', '--runInBand', '--json', `--outputFile=${outputFile}`, '--runTestsByPath', file);
  const env = { ...process.env, ATALAYA_TEST_SERVER: serverUrl, NO_COLOR: '1', FORCE_COLOR: undefined };
  return new Promise((resolve, reject) => {
    current = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    current.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-MAX_KEPT_CHARS);
    });
    current.once('error', reject);
    current.once('close', (code) => {
      current = undefined;
      resolve({ code, said });
    });
  });
}

async function leave() {
  current?.kill('SIGINT');
  await server?.stop();
  process.exit();
}
