import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, signIn } from './browser.ts';
import { killProcess } from './processes.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';
import { readTiles } from './wall-page.ts';

const TILES = 12;

describe('a wall whose pictures come over one WebSocket', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  /** A page that a failed test left would go on asking for pictures. */
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  it('plays twelve tiles, no HLS, and each at less than a second from the camera', async () => {
    const { page, sockets, playlists } = await openWall();
    await allLive(page, 'tiles', 60_000);
    expect(sockets.filter((url) => url.endsWith('/tiles'))).toEqual([
      `${product.relayUrl.replace('http', 'ws')}/tiles`,
    ]);
    expect(playlists).toEqual([]);
    const first = await readTiles(page);
    expect(new Set(first.map((tile) => tile.stamp?.scene)).size).toBe(TILES);
    await until('every frame stamp to advance', 5_000, async () => {
      const now = await readTiles(page);
      return now.every((tile, index) => tile.stamp !== undefined && tile.stamp.frame !== first[index]?.stamp?.frame);
    });
    await until('latency to be shown', 15_000, async () => {
      const shown = await page.locator('.tile__latency').allTextContents();
      if (shown.length !== TILES) throw new Error(shown.join(' '));
      const seconds = shown.map((text) => Number.parseFloat(text.replace(',', '.')));
      if (!seconds.every((one) => one < 1)) throw new Error(shown.join(' '));
      return true;
    });
    expect([await metric('atalaya_tiles_sockets'), await metric('atalaya_tiles')]).toEqual([1, TILES]);
    await page.close();
    await until('the relay to let every tile go', 10_000, async () => (await metric('atalaya_tiles')) === 0);
  }, 120_000);

  it('comes back without a reload when the relay is killed', async () => {
    const { page } = await openWall();
    await allLive(page, 'tiles', 60_000);
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
    const killed = await killProcess(product.dataFolder, 'relay');
    await until('another relay to run', 30_000, async () => killed.isReplaced());
    await until('the new relay to carry the tiles', 45_000, async () => (await metric('atalaya_tiles')) === TILES);
    await allLive(page, 'tiles', 45_000);
    const first = await readTiles(page);
    await until('every frame stamp to advance', 5_000, async () => {
      const now = await readTiles(page);
      return now.every((tile, index) => tile.stamp !== undefined && tile.stamp.frame !== first[index]?.stamp?.frame);
    });
    await allLive(page, 'tiles', 5_000);
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
    await page.close();
  }, 180_000);

  it('falls back to HLS where the socket cannot be had, and to one picture a second where that cannot', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.routeWebSocket(/\/tiles$/, (socket) => socket.close({ code: 1006 }));
    await signIn(page, `${product.url}/wall`, await product.loginOf('operator'));
    await allLive(page, 'hls', 90_000);
    await page.route(/\/hls\//, (route) => route.abort());
    await until('single pictures on every tile', 90_000, async () => {
      const tiles = await page.locator('[data-camera][data-picture=stills][data-line=snapshots]').count();
      if (tiles !== TILES) throw new Error(`${tiles} tiles`);
      return true;
    });
    expect(await page.locator('.tile__stills').first().textContent()).toMatch(/^1 imagen\/s · 00:\d\d$/);
    const shot = page.locator('.tile__shot').first();
    expect(await shot.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBeGreaterThan(300);
    await page.close();
  }, 240_000);

  it('asks for nothing while nobody can see it, and goes on when it is seen', async () => {
    const { page } = await openWall();
    await allLive(page, 'tiles', 60_000);
    await setHidden(page, true);
    const sent = (): Promise<number> => metric('atalaya_tiles_fragments_sent_total');
    await until('the relay to send nothing more', 10_000, async () => {
      const before = await sent();
      await page.waitForTimeout(500);
      return (await sent()) === before;
    });
    await setHidden(page, false);
    await allLive(page, 'tiles', 10_000);
    await page.close();
  }, 120_000);

  it('raises a tile to main while somebody points at it, without a black moment', async () => {
    const { page } = await openWall();
    await allLive(page, 'tiles', 60_000);
    const tile = page.locator('[data-camera]').first();
    const width = (): Promise<number> => tile.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth);
    expect(await width()).toBe(640);
    await until('the main picture', 15_000, async () => {
      // An alarm that is over gives its place back meanwhile, and the tile moves away from under the pointer.
      await tile.hover();
      if ((await tile.getAttribute('data-picture')) !== 'live') throw new Error('the tile lost its picture');
      if ((await width()) === 1280) return true;
      throw new Error(JSON.stringify(await tile.evaluate(({ dataset }) => ({ ...dataset }))));
    });
    await page.mouse.move(0, 0);
    await until('the sub picture', 15_000, async () => (await width()) === 640);
    await page.close();
  }, 120_000);

  async function openWall(): Promise<{ page: Page; sockets: string[]; playlists: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const [sockets, playlists]: [string[], string[]] = [[], []];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    page.on('request', (request) => request.url().includes('/hls/') && playlists.push(request.url()));
    await signIn(page, `${product.url}/wall`, await product.loginOf('operator'));
    return { page, sockets, playlists };
  }

  function allLive(page: Page, line: 'tiles' | 'hls', withinMs: number): Promise<number> {
    return until(`${TILES} live tiles by ${line}`, withinMs, async () => {
      const tiles = await page.evaluate(() =>
        Array.from(document.querySelectorAll<HTMLElement>('[data-camera]'), ({ dataset }) => ({
          camera: dataset['camera'],
          picture: dataset['picture'],
          line: dataset['line'],
        })),
      );
      const live = tiles.filter((tile) => tile.picture === 'live' && tile.line === line);
      if (live.length !== TILES) throw new Error(JSON.stringify(tiles));
      return true;
    });
  }

  /** A page behind another: a headless browser has no other way to be hidden. */
  async function setHidden(page: Page, hidden: boolean): Promise<void> {
    await page.evaluate((isHidden) => {
      Object.defineProperty(document, 'visibilityState', {
        configurable: true,
        value: isHidden ? 'hidden' : 'visible',
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${product.relayUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  }
});
