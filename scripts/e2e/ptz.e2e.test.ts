import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { PtzView } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { killProcess } from './processes.ts';
import { startProduct, type Product } from './product.ts';
import { simulator, type SimulatedCamera, type Simulator } from './simulator.ts';
import { until } from './until.ts';
import { readTiles } from './wall-page.ts';

const DOME = 'Malecón Costero';
const SIM_ID = 'sim-04';
/** Where its presets are (camera-sim/town.ts). */
const GLORIETA = { pan: 0, tilt: 0, zoom: 0 };
const BAHIA = { pan: -0.35, tilt: 0.05, zoom: 0.45 };
const PASEO = { pan: 0.4, tilt: -0.08, zoom: 0.4 };

describe('steering a camera', () => {
  let product: Product;
  let town: Simulator;
  let browser: Browser;
  let cameraId: string;
  const apis = new Map<string, ApiClient>();
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    product = await startProduct();
    town = simulator(product.simUrl);
    browser = await launchBrowser();
    for (const role of ['operator', 'dispatcher', 'supervisor', 'auditor']) {
      apis.set(role, await signedInApi(product.url, await product.loginOf(role)));
      if (role !== 'supervisor') pages.set(role, await opened(role));
    }
    pages.set('supervisor', await opened('supervisor'));
    const cameras = await apis.get('auditor')!.get<{ id: string; name: string }[]>('/api/cameras');
    cameraId = cameras.find(({ name }) => name.includes(DOME))!.id;
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
  }, 60_000);

  /** A page with the dome's panel open. */
  async function opened(role: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale: 'es-PE' });
    await signIn(page, product.url, await product.loginOf(role));
    await page.getByText(DOME).first().click();
    await page.getByRole('region', { name: 'Mando de la cámara' }).waitFor();
    return page;
  }

  const head = async (): Promise<SimulatedCamera['position']> =>
    (await town.cameras()).find(({ id }) => id === SIM_ID)!.position;
  const looksAt = async (at: { pan: number; tilt: number; zoom: number }): Promise<boolean> => {
    const { pan, tilt, zoom, moving } = await head();
    return !moving && [pan - at.pan, tilt - at.tilt, zoom - at.zoom].every((off) => Math.abs(off) < 1e-6);
  };
  const as = (role: string): ApiClient => apis.get(role)!;
  const order = (role: string, body: object) => as(role).ask('POST', `/api/cameras/${cameraId}/ptz`, body);
  const view = async (): Promise<PtzView> =>
    (await as('auditor').get<PtzView[]>('/api/ptz')).find(({ id }) => id === cameraId)!;
  const free = (): Promise<number> => until('nobody to steer', 15_000, async () => (await view()).holder === null);
  const says = (role: string, text: string | RegExp): Promise<void> =>
    pages.get(role)!.getByText(text).first().waitFor({ timeout: 5_000 });

  it('follows the pointer while it is pressed, and all pages see who does it', async () => {
    const page = pages.get('operator')!;
    await page.getByRole('button', { name: 'Derecha', exact: true }).hover();
    await page.mouse.down();
    const tookMs = await until('the head to turn', 3_000, async () => (await head()).moving);
    expect(tookMs).toBeLessThan(1_500);
    await until('it to go on for longer than one order lasts', 5_000, async () => (await head()).pan > 0.4);
    await says('operator', 'Usted la está moviendo');
    await says('dispatcher', /la está moviendo/);
    await says('auditor', /la está moviendo/);
    await page.mouse.up();
    await until('the head to stop', 1_500, async () => !(await head()).moving);
    expect(await pages.get('dispatcher')!.getByRole('button', { name: 'Derecha', exact: true }).isDisabled()).toBe(
      true,
    );
    for (const role of pages.keys()) expect([role, await findingsOf(pages.get(role)!)]).toEqual([role, []]);
  }, 60_000);

  it('follows the keys, stops when the focus leaves, and goes home and to presets by them', async () => {
    const page = pages.get('operator')!;
    await page.getByRole('group', { name: 'Mover la cámara' }).focus();
    const from = await head();
    await page.keyboard.down('ArrowLeft');
    await page.keyboard.down('ArrowUp');
    await until('the head to go across', 3_000, async () => {
      const { pan, tilt } = await head();
      return pan < from.pan - 0.1 && tilt > from.tilt + 0.05;
    });
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await until('the head to stop', 1_500, async () => !(await head()).moving);
    await page.keyboard.up('ArrowLeft');
    await page.keyboard.up('ArrowUp');
    await page.getByRole('group', { name: 'Mover la cámara' }).focus();
    await page.keyboard.press('2');
    await until('it to look at the bay', 10_000, () => looksAt(BAHIA));
    await page.keyboard.press('Home');
    await until('it to be home', 10_000, () => looksAt(GLORIETA));
    await page.keyboard.down('+');
    await until('it to zoom', 3_000, async () => (await head()).zoom > 0.1);
    await page.keyboard.up('+');
    await until('the zoom to stop', 1_500, async () => !(await head()).moving);
  }, 60_000);

  it('stops though the page that turned it is gone', async () => {
    await free();
    const page = await opened('operator');
    await page.getByRole('button', { name: 'Derecha', exact: true }).hover();
    await page.mouse.down();
    await until('the head to turn', 3_000, async () => (await head()).moving);
    // No goodbye: the process of the page is cut off from the network.
    await page.context().setOffline(true);
    await until('the head to stop', 3_000, async () => !(await head()).moving);
    expect((await head()).pan).toBeLessThan(0.9);
    await page.close();
  }, 60_000);

  it('keeps an equal waiting, with who and until when', async () => {
    await free();
    expect((await order('operator', { op: 'take' })).status).toBe(204);
    expect(await order('dispatcher', { op: 'home', takeOver: true })).toMatchObject({
      status: 409,
      body: { code: 'ptz-held', details: { mayTakeOver: false } },
    });
    await says('dispatcher', 'Podrá moverla cuando quede libre.');
    await free();
    expect((await order('dispatcher', { op: 'take' })).status).toBe(204);
    await as('dispatcher').ask('DELETE', `/api/cameras/${cameraId}/ptz/hold`);
  }, 60_000);

  it('lets a supervisor take over on purpose, and tells the other', async () => {
    const operator = pages.get('operator')!;
    await operator.getByLabel('Duración de la reserva').selectOption('5');
    await operator.getByRole('button', { name: 'Reservar', exact: true }).click();
    await says('operator', 'Reservada por usted');
    const page = pages.get('supervisor')!;
    await page.getByRole('button', { name: 'Tomar el mando' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Tomar el mando' }).click();
    await says('supervisor', 'Usted la está moviendo');
    await says('operator', /tomó el mando de esta cámara/);
    expect(await findingsOf(operator)).toEqual([]);
    await page.getByRole('button', { name: 'Liberar' }).click();
    await free();
    const { entries } = await as('supervisor').get<{ entries: { action: string }[] }>(
      `/api/audit?objectId=${cameraId}&action=ptz:take-over`,
    );
    expect(entries).toHaveLength(1);
  }, 60_000);

  it('can be done over the enlarged picture', async () => {
    const page = pages.get('operator')!;
    await page.getByRole('button', { name: 'Ampliar con el flujo principal' }).click();
    await page.getByRole('button', { name: 'Abajo', exact: true }).hover();
    await page.mouse.down();
    await until('the head to turn', 3_000, async () => (await head()).moving);
    await page.mouse.up();
    await until('the head to stop', 1_500, async () => !(await head()).moving);
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reducir' }).click();
    await as('operator').ask('DELETE', `/api/cameras/${cameraId}/ptz/hold`);
  }, 60_000);

  describe('by a tour', () => {
    let seen: number[] = [];

    /** Scenes of the frames that the operator's picture shows, each once in a row. */
    async function watch(): Promise<void> {
      const tile = (await readTiles(pages.get('operator')!)).find(({ picture }) => picture === 'live');
      const scene = tile?.stamp?.scene;
      if (scene !== undefined && seen.at(-1) !== scene) seen.push(scene);
    }

    it('is made on the cameras page and visits the presets in order, as the pictures prove', async () => {
      const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale: 'es-PE' });
      await signIn(page, `${product.url}/cameras`, await product.loginOf('supervisor'));
      await page
        .getByRole('button', { name: new RegExp(DOME) })
        .first()
        .click();
      await page.getByRole('button', { name: 'Nueva ronda' }).click();
      await page.getByLabel('Nombre de la ronda').fill('Ronda del malecón');
      await page.getByRole('button', { name: 'Añadir parada' }).click();
      for (const field of await page.getByLabel('Permanencia').all()) await field.fill('4');
      expect(await findingsOf(page)).toEqual([]);
      await page.locator('.tour-form').getByRole('button', { name: 'Guardar' }).click();
      await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
      await page.getByRole('button', { name: 'Detener', exact: true }).waitFor();
      seen = [];
      for (const place of [GLORIETA, BAHIA, PASEO, GLORIETA, BAHIA]) {
        await until(`the head to look at ${JSON.stringify(place)}`, 20_000, async () => {
          await watch();
          return looksAt(place);
        });
      }
      await until('the pictures to follow', 10_000, async () => (await watch(), seen.length >= 5));
      // Three scenes, over and over in the same order.
      const [first, second, third] = seen;
      expect(new Set([first, second, third]).size).toBe(3);
      seen.forEach((scene, index) => expect([index, scene]).toEqual([index, seen[index % 3]]));
      await says('operator', /Ronda «Ronda del malecón»/);
      expect(await findingsOf(page)).toEqual([]);
      await page.close();
    }, 120_000);

    it('goes on when the api was killed and started again', async () => {
      const killed = await killProcess(product.dataFolder, 'api');
      await until('another api to run', 30_000, async () => killed.isReplaced());
      await until('the tour to be under way', 30_000, async () => (await view()).tour?.phase === 'dwelling');
      await until('it to look at the promenade', 30_000, () => looksAt(PASEO));
      await says('operator', /Ronda «Ronda del malecón»/);
    }, 90_000);

    it('stands while the camera is unplugged, says so, and goes on', async () => {
      await town.setFaults(SIM_ID, { unplugged: true });
      await until('the tour to stand', 20_000, async () => (await view()).tour?.problem !== null);
      expect((await view()).tour).toMatchObject({ phase: expect.stringMatching(/waiting|going/) });
      await says('operator', /detenida antes de/);
      await town.setFaults(SIM_ID, { unplugged: false });
      await until('the tour to go on', 40_000, async () => {
        const { tour } = await view();
        return tour?.problem === null && tour.phase === 'dwelling';
      });
      const before = (await view()).tour!.step;
      await until('the next step', 30_000, async () => (await view()).tour!.step !== before);
    }, 120_000);

    it('waits while somebody steers, and is stopped by whoever may', async () => {
      await order('operator', { op: 'goto', preset: '3' });
      expect((await view()).tour?.phase).toBe('paused');
      await until('it to look at the promenade', 15_000, () => looksAt(PASEO));
      await until('the tour to go on by itself', 20_000, async () => (await view()).tour?.phase !== 'paused');
      const tour = (await view()).tours[0]!;
      expect((await as('operator').ask('POST', `/api/ptz/tours/${tour.id}/stop`)).status).toBe(204);
      expect((await view()).tour).toBeNull();
      expect((await as('auditor').ask('POST', `/api/ptz/tours/${tour.id}/start`)).status).toBe(403);
    }, 60_000);
  });
});
