import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { startProduct, type Product } from './product.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await product?.discard();
});

async function pageOf(role: string, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  await signIn(page, `${product.url}${address}`, await product.loginOf(role));
  return page;
}

describe('the page of shifts', () => {
  it('makes a roster by keyboard, and two who write one handover lose no text', async () => {
    const sara = await pageOf('supervisor', '/shifts');
    const add = sara.getByLabel('Agregar a');
    await add.focus();
    await add.locator('option').nth(1).waitFor({ state: 'attached' });
    const name = (await add.locator('option').nth(1).textContent())!;
    await sara.keyboard.press('ArrowDown');
    await sara.getByLabel(`Puesto de ${name}`).selectOption('shift-chief');
    await sara.getByRole('button', { name: 'Guardar' }).press('Enter');
    await sara.locator('.shift-card[aria-pressed="true"]', { hasText: '1 persona' }).waitFor();
    expect(await findingsOf(sara)).toEqual([]);

    await sara.goto(`${product.url}/shifts#handover`);
    await sara.getByRole('button', { name: 'Abrir el relevo' }).click();
    const omar = await pageOf('operator', '/shifts#handover');
    const [hers, his] = [sara, omar].map((page) => page.locator('#section-occurrences'));
    await his!.waitFor();
    // He has not heard of her words when he writes his own, and does not hear of them by asking.
    await omar.route('**/api/handovers/**', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    await hers!.fill('CAM-04 sin señal desde las 05:10.');
    await sara.getByText('Guardado a las').first().waitFor();
    await his!.fill('El caso 12 sigue abierto.');
    await omar.getByRole('button', { name: 'Juntar ambos' }).click();
    await omar.getByText('Guardado a las').first().waitFor();
    await omar.unroute('**/api/handovers/**');
    const both = 'CAM-04 sin señal desde las 05:10.\nEl caso 12 sigue abierto.';
    await sara.waitForFunction(
      (text) => document.querySelector<HTMLTextAreaElement>('#section-occurrences')?.value === text,
      both,
    );
    expect(await findingsOf(sara)).toEqual([]);

    // Printed by the thread of the compiled product, as another reader would open it.
    const [file] = await Promise.all([sara.waitForEvent('download'), sara.getByRole('link', { name: 'PDF' }).click()]);
    const bytes: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) bytes.push(chunk as Buffer);
    expect(Buffer.concat(bytes).subarray(0, 5).toString()).toBe('%PDF-');
  }, 60_000);
});
