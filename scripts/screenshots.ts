import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { reasonOf } from '#libs/base';
import { launchBrowser, signIn } from './e2e/browser.ts';
import { startProduct, type Product } from './e2e/product.ts';
import { until } from './e2e/until.ts';

/**
 * The pictures of README.md, from a product of its own: `npm run screenshots`. Each waits for what it is about to show,
 * so a picture never shows a page that is still loading.
 */
const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const VIEWPORT = { width: 1920, height: 1080 };

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly role: string;
  readonly prepare: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: 'wall', path: '/wall', role: 'operator', prepare: (page) => live(page, 12) },
  {
    name: 'map',
    path: '/',
    role: 'operator',
    prepare: async (page) => {
      await page.getByText('Plaza de Armas').first().click();
      await live(page, 1);
    },
  },
  {
    name: 'cameras',
    path: '/cameras',
    role: 'administrator',
    prepare: async (page) => page.getByText('Puente Osmore').first().waitFor(),
  },
];

async function live(page: Page, count: number): Promise<void> {
  await until(`${count} live tiles`, 60_000, async () => {
    return (await page.locator('[data-picture="live"]').count()) >= count;
  });
}

async function take(shot: Shot, product: Product, browser: Browser): Promise<void> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'es-PE' });
  const page = await context.newPage();
  await signIn(page, `${product.url}${shot.path}`, await product.loginOf(shot.role));
  await shot.prepare(page);
  await page.screenshot({ path: path.join(FOLDER, `${shot.name}.png`) });
  await context.close();
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const product = await startProduct();
  const browser = await launchBrowser();
  try {
    for (const shot of SHOTS) await take(shot, product, browser);
  } finally {
    await browser.close();
    await product.discard();
  }
}

try {
  await main();
} catch (thrown) {
  console.error(reasonOf(thrown, 4_000));
  process.exitCode = 1;
}
