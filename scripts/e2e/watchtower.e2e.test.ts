import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { signedInApi } from './api-client.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { killProcess } from './processes.ts';
import { startProduct, type Product } from './product.ts';
import { simulator, type Simulator } from './simulator.ts';
import { until } from './until.ts';
import { frameCounter, readTiles } from './wall-page.ts';

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

  it('raises a camera that sees movement at an hour that wants it, until somebody has seen the alarm', async () => {
    const camera = await cameraNamed('Plaza de Armas');
    await wantMotion(camera.code);
    const desk = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale: 'es-PE' });
    await signIn(desk, product.url, await product.loginOf('dispatcher'));
    await desk.getByText('No hay alarmas por atender.').waitFor();
    const place = wall.locator(`[data-place]:has([data-camera="${camera.code}"])`);
    const isRaised = async (): Promise<boolean> =>
      (await place.getAttribute('data-alarm')) === 'motion' && (await place.getAttribute('data-place')) === 'large';

    await town.raise(camera.simId, { kind: 'motion', active: true });
    expect(await until(`${camera.code} to be raised`, 5_000, isRaised)).toBeLessThan(2_000);
    expect(await wall.locator('.card--alarm').count()).toBe(1);
    await until('its picture to be live where it was raised to', 15_000, async () => {
      return (await pictureOf(camera.code)) === 'live';
    });
    await desk
      .getByRole('button', { name: `Atender ${camera.code}`, exact: false })
      .first()
      .waitFor();
    expect(await findingsOf(desk)).toEqual([]);
    await desk.keyboard.press('a');
    await until(`${camera.code} to be back`, 2_000, async () => (await place.getAttribute('data-place')) === 'plain');
    await desk.getByText('No hay alarmas por atender.').waitFor();
    expect(await wall.locator('.card--alarm').count()).toBe(0);
    await town.raise(camera.simId, { kind: 'motion', active: false });
    await desk.close();
    await allLive(15_000);
    expect(await neverReloaded()).toBe(true);
  }, 60_000);

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
    await until(`${camera.code} not to be live`, 8_000, async () => (await pictureOf(camera.code)) !== 'live');
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
      const killed = await killProcess(product.dataFolder, name);
      await until(`another ${name} to run`, 30_000, async () => killed.isReplaced());
      await until('the api to be ready', 30_000, async () => (await fetch(`${product.url}/health/ready`)).ok);
      const shown = await frameCounter(wall);
      await until('every tile to show more than it had in stock', 60_000, async () => {
        const counts = await shown();
        if (!counts.every((count) => count > MORE_THAN_ANY_BUFFER)) throw new Error(counts.join(' '));
        return true;
      });
      await allLive(20_000);
      expect(await neverReloaded()).toBe(true);
    },
    120_000,
  );

  /** Movement calls attention in the zones of a camera at any hour. */
  async function wantMotion(code: string): Promise<void> {
    const supervisor = await signedInApi(product.url, await product.loginOf('supervisor'));
    const cameras = await supervisor.get<{ code: string; zoneIds: string[] }[]>('/api/cameras');
    const always = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1_440 };
    for (const zoneId of cameras.find((camera) => camera.code === code)!.zoneIds) {
      const schedules = [{ kinds: ['motion'], ...always }];
      const answer = await supervisor.ask('PUT', `/api/zones/${zoneId}/alarm-schedules`, { schedules });
      expect(answer.status).toBe(200);
    }
  }

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
