import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/base';
import { TOWN } from '../camera-sim/town.ts';
import { killAndWatch, settled, VICTIMS } from './chaos/recovery.ts';
import { TownWatch } from './chaos/town-watch.ts';
import { startProduct, type Product } from './e2e/product.ts';
import { until } from './e2e/until.ts';
import { stillRuns } from './supervisor/process-table.ts';
import { PROJECT_ROOT } from './supervisor/settings.ts';

const SUPERVISE = join(PROJECT_ROOT, 'dist', 'scripts', 'supervise.js');

const stopping = new AbortController();
let product: Product;
let watch: TownWatch;
let ids: readonly string[];

beforeAll(async () => {
  product = await startProduct();
  watch = await TownWatch.signIn(product, stopping.signal);
  try {
    ids = await settled(watch, TOWN.length, 90_000);
  } catch (problem) {
    throw new Error(`the town did not come up; the supervisor said:\n${product.output()}`, { cause: problem });
  }
}, 200_000);

afterAll(async () => {
  stopping.abort();
  await product?.discard();
}, 60_000);

describe('a centre whose processes are killed', () => {
  it.each(VICTIMS)(
    'is whole again after kill -9 of %s',
    async (victim) => {
      const { picturesMs } = await killAndWatch(watch, victim, ids);
      expect(picturesMs).toBeLessThan(60_000);
    },
    180_000,
  );

  it('refuses a second start on its data folder and goes on', async () => {
    const second = spawn(process.execPath, [SUPERVISE], {
      env: { ...process.env, ATALAYA_DATA: product.dataFolder, ATALAYA_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(second, 'close')).toEqual([1, null]);
    expect(said).toContain(`proceso ${watch.supervisor().pid}`);
    await watch.expectReady();
  }, 120_000);

  it('leaves no process behind when its supervisor is killed, and comes back with the same cameras', async () => {
    const names = ['postgres', 'camera-sim', 'relay', 'api'] as const;
    const before = names.map((name) => watch.processOf(name)!);
    const supervisor = watch.supervisor();
    process.kill(supervisor.pid, 'SIGKILL');
    await until('every child to end', 20_000, async () => {
      const left = names.filter((_, index) => stillRuns(before[index]!));
      if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
      return !stillRuns(supervisor);
    });
    const startedMs = systemClock.monotonicMs();
    const again = await startProduct({ dataFolder: product.dataFolder });
    try {
      const looked = await TownWatch.signIn(again, stopping.signal);
      expect(await settled(looked, ids.length, 60_000)).toEqual(ids);
      expect(systemClock.monotonicMs() - startedMs).toBeLessThan(20_000);
      expect(await again.stop()).toBe(0);
    } finally {
      await again.discard();
    }
  }, 180_000);
});
