import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findingsOf } from './axe.ts';
import { freePorts } from './free-ports.ts';
import { launchBrowser, signIn } from './browser.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

const VIEWPORTS = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
];

describe('the pages of the console', () => {
  let product: Product;
  let browser: Browser;
  let rtmpPort: number;

  beforeAll(async () => {
    [rtmpPort] = (await freePorts(1)) as [number];
    product = await startProduct({ env: { ATALAYA_RTMP_PORT: String(rtmpPort) } });
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  async function opened(path: string, role: string, viewport = VIEWPORTS[0]!): Promise<Page> {
    const page = await browser.newPage({ viewport, locale: 'es-PE' });
    await signIn(page, `${product.url}${path}`, await product.loginOf(role));
    await until(`${path} to have its header`, 15_000, async () => (await page.getByText('ATALAYA').count()) > 0);
    return page;
  }

  it('have nothing that axe-core objects to before anyone signs in', async () => {
    const page = await browser.newPage({ viewport: VIEWPORTS[0]! });
    await page.goto(product.url);
    await page.locator('input[autocomplete="current-password"]').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.close();
  });

  it('say in words why a wrong password is refused', async () => {
    const page = await browser.newPage({ viewport: VIEWPORTS[0]! });
    await page.goto(product.url);
    await page.locator('input[autocomplete="username"]').fill('operador');
    await page.locator('input[autocomplete="current-password"]').fill('no es esta');
    await page.locator('button[type="submit"]').click();
    const said = page.locator('[aria-live="assertive"] p');
    await said.waitFor();
    expect(await said.innerText()).toMatch(/contraseña/i);
    expect(await findingsOf(page)).toEqual([]);
    await page.close();
  });

  describe.each(VIEWPORTS)('at $width x $height', (viewport) => {
    it.each([
      ['/', 'operator'],
      ['/wall', 'operator'],
      ['/cameras', 'administrator'],
      ['/admin', 'administrator'],
      ['/cameras', 'auditor'],
      ['/admin', 'patrol'],
      ['/reports', 'supervisor'],
      ['/', 'patrol'],
    ])(
      '%s as %s has nothing that axe-core objects to',
      async (path, role) => {
        const page = await opened(path, role, viewport);
        expect(await findingsOf(page)).toEqual([]);
        await page.close();
      },
      60_000,
    );
  });

  it('checks the ledger from its page', async () => {
    const page = await opened('/admin', 'auditor');
    await page.getByRole('tab', { name: 'Bitácora de hechos' }).click();
    await page.getByRole('button', { name: 'Verificar ahora' }).click();
    await page.getByText(/Íntegra hasta el asiento \d+/).waitFor();
    await page.locator('details summary').first().click();
    await page.getByText('"publicKey"').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.close();
  }, 60_000);

  it('opens a camera from the map and shows it live', async () => {
    const page = await opened('/', 'operator');
    await page.getByText('Plaza de Armas').first().click();
    await until('the camera to be live', 30_000, async () => {
      return (await page.locator('[data-picture="live"]').count()) > 0;
    });
    expect(await findingsOf(page)).toEqual([]);
    await page.close();
  }, 60_000);

  it('registers a body camera, shows its key once, its picture while it sends, and cuts it off', async () => {
    const page = await opened('/cameras#publishers', 'supervisor');
    await page.getByRole('button', { name: 'Registrar cámara' }).click();
    await page.getByLabel('Nombre').fill('Cámara corporal 12');
    await page.getByLabel('Código').fill('BC-12');
    await page.locator('dialog button[type="submit"]').click();
    const address = await page.getByLabel('Todo en una sola dirección').inputValue();
    expect(address).toMatch(new RegExp(`^rtmp://127\\.0\\.0\\.1:${rtmpPort}/live/[0-9a-z]{8}\\?key=[0-9a-z]{32}$`));
    expect(await findingsOf(page)).toEqual([]);
    await page.locator('dialog footer button').click();
    expect(await page.content()).not.toContain(address.slice(-32));

    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const device = spawn('ffmpeg', [
      '-v',
      'error',
      '-re',
      ...picture,
      '-g',
      '25',
      '-pix_fmt',
      'yuv420p',
      '-f',
      'flv',
      address,
    ]);
    const ended = once(device, 'exit');
    try {
      const row = page.locator('.publisher', { hasText: 'BC-12' });
      await row.getByText('En línea').waitFor({ timeout: 15_000 });
      expect(await findingsOf(page)).toEqual([]);
      await row.getByRole('button', { name: 'BC-12 Cámara corporal 12' }).click();
      await page.locator('[data-picture="live"]').waitFor({ timeout: 15_000 });
      await page.getByRole('tab', { name: 'Transmisoras' }).click();
      await row.getByRole('button', { name: 'Revocar' }).click();
      await page.locator('dialog button[type="submit"]').click();
      await row.getByText('Clave revocada').waitFor();
      const [code] = (await ended) as [number | null];
      expect(code).not.toBe(0);
      await row.getByText('Sin señal').waitFor({ timeout: 10_000 });
    } finally {
      device.kill('SIGKILL');
    }
    await page.close();
  }, 60_000);

  it('speaks English when asked to, and remembers it', async () => {
    const page = await opened('/', 'operator');
    await page.evaluate(() => document.documentElement.lang).then((lang) => expect(lang).toMatch(/^es/));
    await page
      .getByRole('button', { name: /operador/i })
      .first()
      .click();
    await page.getByText('English').first().click();
    await until('the page to be English', 5_000, async () => {
      return (await page.evaluate(() => document.documentElement.lang)).startsWith('en');
    });
    await page.reload();
    await until('the page to be English again', 5_000, async () => {
      return (await page.evaluate(() => document.documentElement.lang)).startsWith('en');
    });
    await page.close();
  }, 60_000);
});
