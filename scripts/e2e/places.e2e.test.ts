import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '#libs/base';
import type { PlaceView, SectorView } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { putOnDuty } from './patrols.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

/** Corners around the Plaza de Armas as a person writes them: `latitude, longitude`. */
const CENTRE = '-17.6440, -71.3480\n-17.6440, -71.3420\n-17.6485, -71.3420\n-17.6485, -71.3480';

describe('the pages of territory and units', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let api: ApiClient;

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
    const login = await product.loginOf('supervisor');
    api = await signedInApi(product.url, login);
    await putOnDuty(api, product.url, {
      callSign: 'Móvil 07',
      kind: 'MOV',
      latitudeDeg: -17.645,
      longitudeDeg: -71.345,
    });
    page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: 'es-PE' });
    page.setDefaultTimeout(6_000);
    await signIn(page, `${product.url}/places`, login);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  async function looksRight(name: string): Promise<void> {
    expect([name, await findingsOf(page)]).toEqual([name, []]);
  }

  it('keep a sector that was drawn, warn of an overlap while it is drawn, and refuse it unmeant', async () => {
    const write = async (code: string, name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Dibujar sector' }).click();
      await page.getByLabel('Código').fill(code);
      await page.getByLabel('Nombre', { exact: true }).fill(name);
      await page.locator('details.device summary').click();
      await page.locator('details textarea').fill(CENTRE);
    };
    await write('C-01', 'Centro');
    await page.getByText('Turquesa').click();
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.locator('.place-row').waitFor();
    await write('C-02', 'Centro otra vez');
    await page.getByText(/Se superpone con C-01/).waitFor();
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.locator('.notice--bad').waitFor();
    await looksRight('overlap');
    await page.getByRole('button', { name: 'Volver' }).click();
    const [sector, ...others] = await api.get<SectorView[]>('/api/sectors');
    expect([sector, others]).toMatchObject([{ code: 'C-01', name: 'Centro', colour: 'teal' }, []]);
    await looksRight('sectors');
  });

  it('keep a place where the map was pressed', async () => {
    await page.getByRole('tab', { name: 'Lugares conocidos' }).click();
    await page.getByRole('button', { name: 'Nuevo lugar' }).click();
    await page.getByLabel('Nombre', { exact: true }).fill('Hospital Ilo II');
    await page.getByLabel('Otros nombres').fill('EsSalud; el Seguro');
    await page.locator('.map__canvas').click({ position: { x: 200, y: 300 } });
    await page.getByLabel('Latitud').waitFor();
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.getByLabel('Buscar').fill('seg');
    await page.locator('.place-row').waitFor();
    const [place] = await api.get<PlaceView[]>('/api/places');
    expect(place).toMatchObject({ name: 'Hospital Ilo II', aliases: ['EsSalud', 'el Seguro'] });
    await looksRight('known-places');
  });

  it('give a device its token once, and tell why what it sends is not taken', async () => {
    await page.goto(`${product.url}/units`);
    await page.getByRole('rowheader', { name: 'Móvil 07' }).waitFor();
    await looksRight('units');
    await page.getByRole('tab', { name: 'Dispositivos' }).click();
    await page.getByLabel('Unidad', { exact: true }).selectOption({ index: 1 });
    await page.getByLabel('Nombre del dispositivo').fill('celular de la 07');
    await page.getByRole('button', { name: 'Crear clave' }).click();
    const address = await page.getByLabel('Traccar Client', { exact: true }).inputValue();
    await page.locator('.dialog__foot button').click();
    const send = (agoMs: number, lat: number) =>
      fetch(`${address}?id=1&lat=${lat}&lon=-71.3450&batt=64&timestamp=${systemClock.nowMs() - agoMs}`);
    for (const [agoMs, lat] of [
      [1_500_000, -17.645],
      [1_480_000, -17.6455],
      [0, -17.647],
      [-900_000, -17.647],
    ] as const)
      expect((await send(agoMs, lat)).status).toBe(200);
    // Opened anew it asks at once.
    await page.getByRole('tab', { name: 'Hoja del día' }).click();
    await page.getByRole('tab', { name: 'Dispositivos' }).click();
    await page.getByText(/1 × /).waitFor();
    await looksRight('devices');
  });

  it('draw the day of a unit with what is not known of it', async () => {
    await page.getByRole('tab', { name: 'Hoja del día' }).click();
    await page.getByText('Distancia').waitFor();
    await until('the track to be drawn', 5_000, async () => (await page.getByText(/Vacíos: \d/).count()) > 0);
    await looksRight('day');
    await page.goto(`${product.url}/admin`);
    await page.getByRole('tab', { name: 'Sistema' }).click();
    await page.getByText('Tiempo hasta el disco').waitFor();
    await looksRight('system');
  });
});
