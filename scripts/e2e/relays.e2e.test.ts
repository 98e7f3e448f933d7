import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, signIn } from './browser.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';
import { readTiles } from './wall-page.ts';

const TILES = 12;

describe('a wall whose cameras are at two relays', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  const sockets: string[] = [];

  beforeAll(async () => {
    product = await startProduct({ env: { ATALAYA_RELAY_WORKERS: '2' } });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.on('websocket', (socket) => socket.url().endsWith('/tiles') && sockets.push(new URL(socket.url()).port));
    await signIn(page, `${product.url}/wall`, await product.loginOf('operator'));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  const allLive = (withinMs: number): Promise<unknown> =>
    until(`${TILES} live tiles`, withinMs, async () => {
      const tiles = await readTiles(page);
      return tiles.length === TILES && tiles.every((tile) => tile.picture === 'live' && tile.stamp !== undefined);
    });
  /** The process of a worker, by what the relay has written of itself. */
  const workerAt = (port: string): number => {
    const lines = readFileSync(path.join(product.dataFolder, 'logs', 'relay.log'), 'utf8').split('\n');
    const line = lines.findLast((text) => text.includes('relay listening') && text.includes(`"port":${port},`));
    return (JSON.parse(line!.slice(line!.indexOf('{'))) as { pid: number }).pid;
  };

  it('opens one connection to each, and shows every camera', async () => {
    await allLive(60_000);
    expect([...new Set(sockets)]).toHaveLength(2);
    expect(sockets.length).toBeLessThanOrEqual(3);
  }, 90_000);

  it('follows the cameras of one that stands still to the other, without a reload', async () => {
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
    const [, second] = [...new Set(sockets)];
    const stopped = workerAt(second!);
    process.kill(stopped, 'SIGSTOP');
    await until('tiles of the relay that stands still to say so', 10_000, async () =>
      (await readTiles(page)).some((tile) => tile.picture === 'lost'),
    );
    await allLive(20_000);
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
    try {
      process.kill(stopped, 'SIGCONT');
    } catch (error) {
      // On a slow machine the process above it has taken it for hung by now, and started another.
      expect((error as NodeJS.ErrnoException).code).toBe('ESRCH');
    }
  }, 60_000);

  it('stops with all its processes', async () => {
    await page.close();
    expect(await product.stop()).toBe(0);
  }, 60_000);
});
