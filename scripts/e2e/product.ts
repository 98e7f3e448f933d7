import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#libs/base';
import { discardCluster } from '../supervisor/cluster.ts';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

export interface DemoLogin {
  readonly role: string;
  readonly username: string;
  readonly password: string;
}

/** The whole product as `npm start` runs it (supervisor and its children), on ports and data of its own. */
export interface Product {
  readonly url: string;
  readonly relayUrl: string;
  readonly simUrl: string;
  readonly dataFolder: string;
  loginOf(role: string): Promise<DemoLogin>;
  /** Everything that the supervisor has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does and answers the exit code. */
  stop(): Promise<number | null>;
  /** Ends it if need be and removes its data. */
  discard(): Promise<void>;
}

export interface ProductOptions {
  /** Reuse this folder: a second start. It is not removed by `discard`. */
  readonly dataFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The project, whether this runs as source (Jest) or compiled, from `dist/`. */
const ABOVE = path.resolve(import.meta.dirname, '..', '..');
const ROOT = path.basename(ABOVE) === 'dist' ? path.dirname(ABOVE) : ABOVE;

/** Starts the built product. Resolves when the api says it is ready; cameras may still be on their way. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  // Under /tmp because an embedded PostgreSQL that runs as another user must be able to walk to its data.
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'atalaya-e2e-')));
  const [apiPort, relayPort, simPort] = await freePorts(3);
  const child = spawn(process.execPath, [path.join(ROOT, 'dist', 'scripts', 'supervise.js')], {
    cwd: ROOT,
    env: {
      ...environmentWithoutAtalaya(),
      ATALAYA_PORT: String(apiPort),
      ATALAYA_RELAY_PORT: String(relayPort),
      ATALAYA_SIM_PORT: String(simPort),
      // One port for all products of a machine; who wants publishers names one.
      ATALAYA_RTMP_PORT: 'off',
      // A test sees the incidents that it made, and no others.
      ATALAYA_DEMO_TOWN: '0',
      ATALAYA_DATA: dataFolder,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const product = productOf(child, dataFolder, options.dataFolder === undefined, {
    url: `http://127.0.0.1:${apiPort}`,
    relayUrl: `http://127.0.0.1:${relayPort}`,
    simUrl: `http://127.0.0.1:${simPort}`,
  });
  try {
    await until(`the product to be ready`, 90_000, async () => {
      if (child.exitCode !== null) throw new Error(`the supervisor ended with ${child.exitCode}:\n${product.output()}`);
      return (await fetch(`${product.url}/health/ready`)).ok;
    });
  } catch (thrown) {
    const said = product.output();
    await product.discard();
    throw new Error(`the product did not become ready; it said:\n${said}`, { cause: thrown });
  }
  return product;
}

function productOf(
  child: ChildProcess,
  dataFolder: string,
  ownsData: boolean,
  addresses: Pick<Product, 'url' | 'relayUrl' | 'simUrl'>,
): Product {
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-100_000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    const deadline = systemClock.after(40_000, () => child.kill('SIGKILL'));
    const code = await ended;
    deadline.cancel();
    return code;
  };
  return {
    ...addresses,
    dataFolder,
    output: () => said,
    stop,
    loginOf: async (role) => {
      const logins = JSON.parse(await readFile(path.join(dataFolder, 'demo-logins.json'), 'utf8')) as DemoLogin[];
      const found = logins.find((login) => login.role === role);
      if (!found) throw new Error(`no demonstration login for ${role}`);
      return found;
    },
    discard: async () => {
      await stop();
      if (!ownsData) return;
      discardCluster(dataFolder);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function environmentWithoutAtalaya(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ATALAYA_') && name !== 'DATABASE_URL' && name !== 'NODE_OPTIONS',
  );
  return Object.fromEntries(kept);
}
