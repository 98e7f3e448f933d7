import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { systemClock, uuidV7 } from '#libs/base';
import { signedInApi, type ApiClient } from './api-client.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { envelope, putOnDuty } from './patrols.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

const MARKET = { latitudeDeg: -17.6475, longitudeDeg: -71.3441 };

/** A dispatcher's hands on the keys: what is pressed beyond the typed text is counted, each key of a chord too. */
class Hands {
  pressed = 0;

  constructor(private readonly page: Page) {}

  async press(keys: string): Promise<void> {
    this.pressed += keys.split('+').length;
    await this.page.keyboard.press(keys);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }
}

describe('the dispatch page', () => {
  let product: Product;
  let browser: Browser;
  let api: ApiClient;
  let first: Page;
  let second: Page;

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
    api = await signedInApi(product.url, await product.loginOf('supervisor'));
    await putOnDuty(api, product.url, { callSign: 'Móvil 03', kind: 'MOV', latitudeDeg: -17.65, longitudeDeg: -71.34 });
    await putOnDuty(api, product.url, { callSign: 'Móvil 05', kind: 'MOV', latitudeDeg: -17.66, longitudeDeg: -71.33 });
    first = await opened({ width: 1920, height: 1080 });
    second = await opened({ width: 1366, height: 768 });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  async function opened(viewport: { width: number; height: number }): Promise<Page> {
    const context = await browser.newContext({ viewport, locale: 'es-PE' });
    const page = await context.newPage();
    await signIn(page, `${product.url}/dispatch`, await product.loginOf('dispatcher'));
    await page.locator('.unit-row').nth(1).waitFor();
    return page;
  }

  async function opensNoise(reference: string): Promise<string> {
    const answer = await api.post<{ code: string }>('/api/incidents', {
      ...envelope(),
      incidentId: uuidV7(systemClock.nowMs()),
      channel: 'RADIO',
      typeCode: 'ORD-03',
      place: { point: MARKET, sectorId: null, address: 'Pampa Inalámbrica', reference },
    });
    return answer.code;
  }

  it('takes a robbery from call to assigned in at most 12 keystrokes beyond the typed text', async () => {
    const hands = new Hands(first);
    await hands.press('F2');
    await hands.type('953123218');
    await hands.press('Enter');
    await hands.type('robo asalto');
    await first.getByRole('option', { name: /PAT-02/ }).waitFor();
    await hands.press('Enter');
    await first.getByText('DEPINCRI').waitFor();
    await hands.type('mercado');
    await first
      .getByRole('option', { name: /Mercado Pacocha/ })
      .first()
      .waitFor();
    await hands.press('Enter');
    await hands.type('frente a Jr. Matará');
    await hands.press('Enter');
    await hands.type('Dos sujetos en moto lineal, uno con arma blanca.');
    await hands.press('Control+Enter');
    const best = first.locator('.advice[data-first="true"]');
    await best.filter({ hasText: 'Móvil 03' }).waitFor();
    await hands.press('Enter');
    const taken = (page: Page) => page.locator('.case', { hasText: 'Robo' }).filter({ hasText: 'Móvil 03' });
    await until('the second desk to see the assignment', 2_000, async () => (await taken(second).count()) === 1);
    await taken(first).waitFor();
    await first.locator('.story', { hasText: 'Asignada Móvil 03' }).waitFor();
    expect(hands.pressed).toBeLessThanOrEqual(12);
    expect(await first.locator('.near .tile').count()).toBeGreaterThan(0);
  }, 30_000);

  it('gives one unit to one of two desks, and tells the other in words', async () => {
    const codes = [await opensNoise('norte'), await opensNoise('sur')];
    await Promise.all(
      [first, second].map(async (page, desk) => {
        await page.keyboard.press('/');
        await page.keyboard.type(codes[desk]!);
        await page.keyboard.press('Enter');
        await page.locator('.detail__where', { hasText: desk === 0 ? 'norte' : 'sur' }).waitFor();
        await page.locator('.advice[data-first="true"]', { hasText: 'Móvil 05' }).waitFor();
      }),
    );
    await Promise.all([first.keyboard.press('Enter'), second.keyboard.press('Enter')]);
    const said = (page: Page): Promise<string> => page.locator('.desk__notice').innerText();
    await until(
      'both desks to be answered',
      5_000,
      async () => (await said(first)) !== '' && (await said(second)) !== '',
    );
    const words = [await said(first), await said(second)];
    expect(words).toContain('Móvil 05: La unidad atiende otra incidencia.');
    expect(words).toContainEqual(expect.stringMatching(/^Móvil 05 asignada a \d{4}\.$/));
    const units = await api.get<{ callSign: string; attends: unknown }[]>('/api/units');
    expect(
      units
        .filter(({ attends }) => attends !== null)
        .map(({ callSign }) => callSign)
        .sort(),
    ).toEqual(['Móvil 03', 'Móvil 05']);
  }, 30_000);

  it('keeps a call over a reload, and has nothing that axe-core objects to', async () => {
    expect(await findingsOf(second)).toEqual([]);
    await second.keyboard.press('F2');
    await second.keyboard.type('953000111');
    await second.keyboard.press('Enter');
    await second.keyboard.type('ruidos');
    await second.getByRole('option', { name: /ORD-03/ }).waitFor();
    expect(await findingsOf(second)).toEqual([]);
    await second.reload();
    await until('the draft to be back', 5_000, async () => {
      return (await second.getByLabel('Teléfono', { exact: true }).inputValue()) === '953000111';
    });
    await first.keyboard.press('?');
    await first.getByRole('dialog').waitFor();
    expect(await findingsOf(first)).toEqual([]);
  }, 30_000);
});
