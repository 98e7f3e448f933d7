import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, signIn } from './browser.ts';
import { killProcess } from './processes.ts';
import { startProduct, type Product } from './product.ts';
import { simulator, type Simulator } from './simulator.ts';
import { until } from './until.ts';
import { framesShown, readTiles } from './wall-page.ts';

const TILES = 12;
/** Frames: at 15 a second more than a player holds ahead, so these came from the server after the kill. */
const MORE_THAN_ANY_BUFFER = 180;

describe('the watchtower, as an operator sees it', () => {
  let product: Product;
  let town: Simulator;
  let browser: Browser;
  let wall: Page;

  beforeAll(async () => {
    product = await startProduct();
    town = simulator(product.simUrl);
    browser = await launchBrowser();
    wall = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await signIn(wall, `${product.url}/wall`, await product.loginOf('operator'));
    await allLive(60_000);
    // Lost on any reload: what comes back later came back by itself.
    await wall.evaluate(() => Object.assign(window, { neverReloaded: true }));
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  const pictureOf = async (code: string): Promise<string | undefined> =>
    (await readTiles(wall)).find((tile) => tile.code === code)?.picture;

  const allLive = (withinMs: number): Promise<number> =>
    until(`${TILES} live tiles`, withinMs, async () => {
      const tiles = await readTiles(wall);
      const live = tiles.filter((tile) => tile.picture === 'live');
      if (live.length !== TILES) throw new Error(JSON.stringify(tiles.map((tile) => [tile.code, tile.picture])));
      return true;
    });

  const neverReloaded = (): Promise<boolean> => wall.evaluate(() => 'neverReloaded' in window);

  it('plays twelve tiles whose frame stamps advance, each showing a camera of its own', async () => {
    const first = await readTiles(wall);
    const scenes = new Set(first.map((tile) => tile.stamp?.scene));
    expect(scenes.size).toBe(TILES);
    await until('every frame stamp to advance', 5_000, async () => {
      const now = await readTiles(wall);
      return now.every((tile, index) => tile.stamp !== undefined && tile.stamp.frame !== first[index]?.stamp?.frame);
    });
  });

  it('greys an unplugged camera within 5 s and shows it live again within 5 s of plugging it in', async () => {
    const camera = await cameraNamed('Plaza de Armas');
    await town.setFaults(camera.simId, { unplugged: true });
    await until(`${camera.code} to be lost`, 5_000, async () => (await pictureOf(camera.code)) === 'lost');
    await until(`${camera.code} to be offline in the metrics`, 5_000, () => hasState(camera.code, 'offline'));
    await town.setFaults(camera.simId, { unplugged: false });
    await until(`${camera.code} to be live`, 5_000, async () => (await pictureOf(camera.code)) === 'live');
    await until(`${camera.code} to be online in the metrics`, 5_000, () => hasState(camera.code, 'online'));
    expect(await neverReloaded()).toBe(true);
  }, 40_000);

  it('never shows a frozen camera as live', async () => {
    const camera = await cameraNamed('Puente Osmore');
    await town.setFaults(camera.simId, { frozen: true });
    await until(`${camera.code} not to be live`, 5_000, async () => (await pictureOf(camera.code)) !== 'live');
    await town.setFaults(camera.simId, { frozen: false });
    await until(`${camera.code} to be live`, 15_000, async () => (await pictureOf(camera.code)) === 'live');
  }, 40_000);

  it('finds a camera again that comes back at another address', async () => {
    const camera = await cameraNamed('Jr. Callao');
    await town.reboot(camera.simId, '127.0.1.77');
    await until(`${camera.code} to be live at its new address`, 60_000, async () => {
      return (await pictureOf(camera.code)) === 'live' && (await hasState(camera.code, 'online'));
    });
    expect(await neverReloaded()).toBe(true);
  }, 90_000);

  it.each(['relay', 'api', 'postgres'] as const)(
    'comes back by itself after kill -9 of %s, with nothing adopted lost',
    async (name) => {
      const before = await framesShown(wall);
      const killed = await killProcess(product.dataFolder, name);
      await until(`another ${name} to run`, 30_000, async () => killed.isReplaced());
      await until('the api to be ready', 30_000, async () => (await fetch(`${product.url}/health/ready`)).ok);
      await until('every tile to show more than it had in stock', 60_000, async () => {
        const now = await framesShown(wall);
        return now.every((count, index) => count > (before[index] ?? 0) + MORE_THAN_ANY_BUFFER);
      });
      await allLive(20_000);
      expect(await neverReloaded()).toBe(true);
    },
    120_000,
  );

  async function cameraNamed(name: string): Promise<{ code: string; simId: string }> {
    const simId = (await town.cameras()).find((camera) => camera.name.includes(name))?.id;
    const code = await wall.evaluate(async (wanted) => {
      const cameras = (await (await fetch('/api/cameras')).json()) as { code: string; name: string }[];
      return cameras.find((camera) => camera.name.includes(wanted))?.code;
    }, name);
    if (simId === undefined || code === undefined) throw new Error(`no camera is called ${name}`);
    return { code, simId };
  }

  async function hasState(code: string, state: string): Promise<boolean> {
    const metrics = await (await fetch(`${product.url}/metrics`)).text();
    return metrics.includes(`atalaya_camera_state{camera="${code}",state="${state}"} 1`);
  }
});
