import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { systemClock, uuidV7 } from '#libs/base';
import type { AlarmPage, IncidentDetail, IncidentItem } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { envelope, putOnDuty } from './patrols.ts';
import { startProduct, type Product } from './product.ts';
import { simulator } from './simulator.ts';
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
    // Shorter than a test: what was waited for is named.
    page.setDefaultTimeout(10_000);
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

  describe('by its dialogs', () => {
    const detailOf = (id: string): Promise<IncidentDetail> => api.get(`/api/incidents/${id}`);

    /** Opens a question by its key, fills it in, and waits until the server has done it. */
    async function answer(page: Page, key: string, fill: Readonly<Record<string, string>>, confirm: string) {
      await page.keyboard.press(key);
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      for (const [label, value] of Object.entries(fill)) {
        const field = dialog.getByLabel(label, { exact: true });
        if ((await field.evaluate((element) => element.tagName)) !== 'SELECT') await field.fill(value);
        else {
          const option = field.locator('option', { hasText: value }).first();
          await field.selectOption((await option.getAttribute('value'))!);
        }
      }
      await dialog.getByRole('button', { name: confirm }).click();
      await dialog.waitFor({ state: 'detached' });
    }

    async function choose(page: Page, code: string): Promise<void> {
      await page.keyboard.press('/');
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
      await page.locator('.detail__head', { hasText: code.slice(-4) }).waitFor();
    }

    beforeAll(async () => {
      await first.keyboard.press('Escape');
      await first.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('refers and is answered, links, places, closes, reopens, merges', async () => {
      const [one, two] = [await opensNoise('oeste'), await opensNoise('este')];
      const idOf = async (code: string) =>
        (await api.get<IncidentItem[]>(`/api/incidents?code=${code}&life=all`))[0]!.id;
      const [oneId, twoId] = [await idOf(one), await idOf(two)];
      await choose(first, one);
      await answer(first, 'o', { Institución: 'Bomberos', 'Qué se le pide': 'autobomba' }, 'Derivar');
      await first.locator('.referrals', { hasText: 'autobomba' }).getByRole('button', { name: 'Respuesta' }).focus();
      await answer(first, 'Enter', { 'Quién respondió': 'Cía. 76', 'Número o referencia de ellos': 'B-12' }, 'Guardar');
      await first.locator('.referrals', { hasText: 'recibió Cía. 76 · B-12' }).waitFor();
      await answer(first, 'v', { Con: two.slice(-4), 'La otra es': 'parte de esta' }, 'Vincular');
      expect((await detailOf(oneId)).links).toEqual([{ incidentId: twoId, relation: 'child' }]);

      await first.keyboard.press('l');
      await first.locator('.desk__map--picking .map__canvas:focus').waitFor();
      await first.keyboard.press('ArrowUp');
      await first.locator('.leaflet-pan-anim').waitFor({ state: 'detached' });
      await first.keyboard.press('Enter');
      await first.locator('.desk__notice', { hasText: 'ubicada en el mapa' }).waitFor();
      expect((await detailOf(oneId)).place).toMatchObject({ reference: 'oeste' });
      expect((await detailOf(oneId)).place!.point).not.toEqual(MARKET);

      await first.locator('body').click({ position: { x: 5, y: 5 } });
      await answer(first, 'c', { Resultado: 'Atendida', 'Nota de cierre': 'sin novedad' }, 'Cerrar incidencia');
      const reopen = first.locator('.acts').getByRole('button', { name: 'reabrir' });
      await reopen.focus();
      await answer(first, 'Enter', { Motivo: 'volvieron' }, 'Reabrir');
      expect((await detailOf(oneId)).reopenings).toMatchObject([{ reason: 'volvieron' }]);
      await first.locator('.acts').getByRole('button', { name: 'unir' }).waitFor();
      await first.evaluate(() => (document.activeElement as HTMLElement).blur());
      await answer(first, 'u', { 'Sigue en': two.slice(-4) }, 'Unir');
      expect((await detailOf(oneId)).life).toMatchObject({ kind: 'merged', survivorId: twoId });
      await first.locator('.detail__head', { hasText: two.slice(-4) }).waitFor();
      await answer(first, 'x', { Causa: 'No ubicado' }, 'Desestimar');
      expect((await detailOf(twoId)).life).toMatchObject({ kind: 'dismissed', cause: 'not-located' });
    }, 40_000);

    it('shows reserved data for a reason, to who may', async () => {
      const incidentId = uuidV7(systemClock.nowMs());
      const place = { point: MARKET, sectorId: null, address: 'Mz. 12 Lt. 4', reference: '' };
      const call = { id: uuidV7(systemClock.nowMs()), channel: 'RADIO', receivedAtMs: systemClock.nowMs() - 1_000 };
      const dispatcher = await signedInApi(product.url, await product.loginOf('dispatcher'));
      const body = { ...envelope(), incidentId, channel: 'RADIO', typeCode: 'VIF-01', place };
      const opened = await dispatcher.post<{ code: string }>('/api/incidents', { ...body, call });
      const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'es-PE' });
      const page = await context.newPage();
      await signIn(page, `${product.url}/dispatch`, await product.loginOf('supervisor'));
      await page.locator('.unit-row').nth(1).waitFor();
      await choose(page, opened.code);
      await page.locator('.detail__hidden').waitFor();
      expect(await page.locator('.detail').innerText()).not.toContain('Mz. 12');
      await page.getByRole('button', { name: 'Mostrar con motivo' }).focus();
      await answer(page, 'Enter', { Motivo: 'pedido de la fiscalía' }, 'Mostrar');
      await page.locator('.detail__where', { hasText: 'Mz. 12 Lt. 4' }).waitFor();
      await context.close();
    }, 30_000);
  });

  it('takes a camera’s alarm down by one key, gives back a call that was discarded, and marks its place on the map', async () => {
    await second.getByRole('button', { name: 'Descartar' }).click();
    await second.getByRole('button', { name: 'Deshacer' }).click();
    expect(await second.getByLabel('Teléfono', { exact: true }).inputValue()).toBe('953000111');
    await second.getByRole('button', { name: 'Marcar' }).click();
    await second.locator('.desk__map--picking .map__canvas').click({ position: { x: 200, y: 120 } });
    await second.getByText('punto en el mapa').waitFor();
    await second.getByRole('button', { name: 'Descartar' }).click();

    await simulator(product.simUrl).raise('sim-05', { kind: 'line-crossed', rule: 'Cerco' });
    await second.locator('.calls__row', { hasText: 'Cruce de línea' }).waitFor();
    expect(await findingsOf(second)).toEqual([]);
    await second.keyboard.press('i');
    await second.locator('.combo input[value^="ORD-04"]').waitFor();
    await second.locator('.near__tag--sees').first().waitFor();
    await second.keyboard.press('Control+Enter');
    await second.locator('.detail__alarms', { hasText: 'Cruce de línea' }).waitFor();
    await second.locator('.calls__row').waitFor({ state: 'detached' });
    const { alarms } = await api.get<AlarmPage>('/api/alarms?kind=line-crossed');
    expect(alarms[0]).toMatchObject({ incident: { code: expect.stringMatching(/^20\d\d-/) } });
    expect(alarms[0]!.acknowledgedAtMs).not.toBeNull();
  }, 30_000);

  it('has the cameras that see a new P1 raised on the wall, large and named', async () => {
    await second.goto(`${product.url}/wall`);
    await second.locator('[data-place]').first().waitFor();
    const before = await second.locator('[data-incident]').count();
    const opened = await api.post<{ code: string }>('/api/incidents', {
      ...envelope(),
      incidentId: uuidV7(systemClock.nowMs()),
      channel: 'RADIO',
      typeCode: 'PAT-03',
      place: { point: MARKET, sectorId: null, address: 'Mercado Pacocha', reference: '' },
    });
    const raised = second.locator(`[data-incident="${opened.code}"][data-place="large"]`);
    await raised.first().waitFor();
    expect(await raised.first().innerText()).toContain(`P1 · ${opened.code.slice(-4)} Robo con arma de fuego`);
    expect(before).toBeLessThanOrEqual(await second.locator('[data-incident]').count());
    await second.locator('.card--incident', { hasText: 'Robo con arma de fuego' }).waitFor();
    expect(await findingsOf(second)).toEqual([]);
  }, 30_000);
});
