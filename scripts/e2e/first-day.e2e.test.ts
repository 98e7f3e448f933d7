import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { TOWN } from '../../camera-sim/town.ts';
import { findingsOf } from './axe.ts';
import { launchBrowser, signIn } from './browser.ts';
import { DeskHands } from './desk-hands.ts';
import { startProduct, type DemoLogin, type Product } from './product.ts';
import { startSimulator, type Simulator } from './simulator.ts';
import { until } from './until.ts';

const VIEWPORT = { width: 1920, height: 1080 };
/** The pretend camera that is adopted by hand, as an installer knows it. */
const CAMERA = TOWN.find(({ name }) => name === 'Jr. Callao')!;
const OPERATOR = { username: 'rosa.quispe', name: 'Rosa Quispe', password: 'clave-de-operadora-7' };
const NEW_PASSWORD = 'clave-nueva-del-jefe-9';

/** What an administrator does on the first day, in the order of the day: each test goes on where the last one ended. */
describe('the first day of an installation', () => {
  let product: Product;
  let town: Simulator & { stop(): Promise<void> };
  let browser: Browser;
  let office: BrowserContext;
  let administrator: DemoLogin;
  /** Where the administrator works. */
  let desk: Page;
  let hands: DeskHands;
  /** Left open beside it from the first minute to the last: nobody touches it, and it is never reloaded. */
  let map: Page;

  beforeAll(async () => {
    // The cameras of this town stand on loopback addresses, which only a demonstration may talk to unasked.
    const env = { ATALAYA_DEMO: '0', ATALAYA_CAMERA_NETWORKS: '127.0.0.0/8' };
    [product, town, browser] = await Promise.all([startProduct({ env }), startSimulator(), launchBrowser()]);
    administrator = await product.loginOf('administrator');
    office = await browser.newContext({ viewport: VIEWPORT, locale: 'es-PE' });
    office.setDefaultTimeout(10_000);
    desk = await office.newPage();
    hands = new DeskHands(desk);
    await signIn(desk, `${product.url}/cameras`, administrator);
    map = await office.newPage();
    await map.goto(product.url);
    await map.evaluate(() => Object.assign(window, { neverReloaded: true }));
    await desk.bringToFront();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await product?.discard();
    await town?.stop();
  }, 60_000);

  const button = (name: string | RegExp, within: Page | Locator = desk): Locator =>
    within.getByRole('button', { name }).first();
  const dialog = (): Locator => desk.locator('dialog[open]');
  const seen = (text: string | RegExp, within: Page | Locator = desk): Promise<void> =>
    within.getByText(text).first().waitFor({ timeout: 10_000 });
  const tab = (name: string): Promise<void> => desk.getByRole('tab', { name }).click();
  const clean = async (page: Page = desk): Promise<void> => expect(await findingsOf(page)).toEqual([]);
  const focused = (page: Page = desk): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  const asked = <T>(path: string): Promise<T> =>
    desk.evaluate(async (address) => (await (await fetch(address)).json()) as T, path);

  it('begins with empty pages that say what to do next', async () => {
    await seen('Conecte sus cámaras');
    await clean();
    await seen('Aún no hay cámaras', map);
    await seen('Aún no hay zonas', map);
    await clean(map);
    expect(await map.getByRole('link', { name: 'Buscar cámaras' }).getAttribute('href')).toBe('/cameras#discover');
    await desk.getByRole('link', { name: 'Buscar cámaras' }).press('Enter');
    await seen('Aún no se encontró ningún equipo');
    await clean();
    // Tabs are one stop of the Tab key; the arrows go along them.
    await desk.getByRole('tab', { name: 'Descubrir' }).focus();
    await desk.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Transmisoras');
    await clean();
    await desk.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Zonas');
    await seen('Aún no hay zonas');
    await clean();
  });

  it.each(['/wall', '/wall?layout=mosaic', '/wall?layout=map-1-6'])(
    '%s without cameras says so, large',
    async (path) => {
      const wall = await office.newPage();
      await wall.goto(`${product.url}${path}`);
      await seen('Aún no hay cámaras', wall);
      const box = await wall.locator('.wall__tiles .state').boundingBox();
      expect(box?.width).toBeGreaterThan(VIEWPORT.width * 0.4);
      expect(box?.height).toBeGreaterThan(VIEWPORT.height * 0.6);
      await clean(wall);
      await wall.close();
    },
  );

  it('asks the local network, and says in words how that went', async () => {
    await tab('Descubrir');
    await button('Buscar').press('Enter');
    const run = desk.locator('.run').filter({ hasText: 'Difusión' });
    // Whether the town hears it hangs on the machine's interfaces; that the search ends and tells is ours.
    await run.getByText('terminada').waitFor({ timeout: 10_000 });
    expect(await run.innerText()).toMatch(/[1-9]\d* encontradas|Nadie respondió|no tiene una red local|Problemas/);
    expect(await desk.locator('.run__problems').allInnerTexts()).not.toContainEqual(
      expect.stringMatching(/\([a-z-]+\)/),
    );
  });

  it('sweeps a large network with progress, and stops when told to', async () => {
    await desk.getByLabel('Red (CIDR)').fill('127.0.16.0/20');
    await desk.keyboard.press('Enter');
    const run = desk.locator('.run').filter({ hasText: '127.0.16.0/20' });
    await until('the sweep to tell its progress', 10_000, async () => {
      return Number(await run.locator('progress').getAttribute('value', { timeout: 1_000 })) > 50;
    });
    await clean();
    await button('Cancelar', run).click();
    await seen('cancelada', run);
    expect(await run.locator('progress').count()).toBe(0);
  });

  it('refuses a network that is not ours in clear words', async () => {
    await desk.getByLabel('Red (CIDR)').fill('8.8.8.0/24');
    await desk.keyboard.press('Enter');
    await seen('Esa dirección no es de una red privada autorizada.');
  });

  it('finds one camera by its address, and the town by a sweep', async () => {
    await desk.getByLabel('Dirección o URL').fill(` ${CAMERA.host} `);
    await desk.keyboard.press('Enter');
    await desk.locator('.candidate').filter({ hasText: CAMERA.host }).waitFor();
    await desk.getByLabel('Red (CIDR)').fill('127.0.1.0/28');
    await desk.keyboard.press('Enter');
    await seen(`14 de 14 consultadas · ${TOWN.length} encontradas`);
    await until(
      'every camera on the list',
      5_000,
      async () => (await desk.locator('.candidate').count()) === TOWN.length,
    );
    await clean();
    const scrolls = await desk.evaluate(() => document.documentElement.scrollHeight > window.innerHeight);
    expect(scrolls).toBe(false);
  }, 40_000);

  it('dismisses a device that nobody wants, until a search meets it again', async () => {
    const stranger = desk.locator('.candidate').filter({ hasText: '127.0.1.12' });
    await button(/Descartar/, stranger).click();
    await stranger.waitFor({ state: 'detached' });
  });

  it('tests the login: a wrong password in clear words, then what the right one reaches', async () => {
    await button(`Incorporar ${CAMERA.host}`).press('Enter');
    await desk.keyboard.type(CAMERA.username);
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('no es esta');
    await desk.keyboard.press('Enter');
    await seen('El usuario o la contraseña del equipo no son correctos.');
    await clean();
    await desk.getByLabel('Contraseña de la cámara').fill(CAMERA.password);
    await desk.keyboard.press('Enter');
    await seen('El acceso funciona.');
    expect(await desk.getByLabel('Flujo principal').locator('option:checked').innerText()).toMatch(/1280×720 · 12,5/);
    expect(await desk.getByLabel('Flujo secundario').locator('option:checked').innerText()).toMatch(/640×360 · 15/);
    // This camera is 1.35 s ahead; ONVIF tells whole seconds.
    const clock = desk.locator('.reached div').filter({ hasText: 'Error de reloj' });
    expect(await clock.innerText()).toMatch(/\+(\d{3} ms|[12],\d s) ± \d+ ms/);
    await clean();
  });

  it('adopts it where it was placed, and it is live on a map that was open all along', async () => {
    await button('Ubicar en el mapa').press('Enter');
    await desk.locator('.aim-handle--place').waitFor();
    await desk.getByLabel('Nombre').fill(CAMERA.name);
    await button('Incorporar cámara').press('Enter');
    await seen(`C-01 ${CAMERA.name} fue incorporada`);
    await clean();
    await map.bringToFront();
    await map.locator('.town__side').getByText(CAMERA.name).click();
    await map.locator('[data-camera="C-01"][data-picture="live"]').waitFor({ timeout: 20_000 });
    await clean(map);
    expect(await map.evaluate(() => 'neverReloaded' in window)).toBe(true);
    await desk.bringToFront();
  }, 40_000);

  it('aims it by its handles, takes one step back, and keeps what was saved', async () => {
    await button('Ver cámara').press('Enter');
    const before = await hands.aim();
    await hands.drag('.aim-handle--far', 150, 110);
    await until('the aim to follow', 3_000, async () => (await hands.aim()).range > before.range + 100);
    const turned = await hands.aim();
    expect(turned.bearing).toBeGreaterThan(60);
    await hands.drag('.aim-handle--left', 0, -60);
    await until('the angle to follow', 3_000, async () => (await hands.aim()).angle !== turned.angle);
    await desk.locator('.editor__head').click();
    await desk.keyboard.press('Control+z');
    await hands.aimIs(turned);
    await button(/Orientar con flechas/).focus();
    await desk.keyboard.press('ArrowRight');
    await hands.aimIs({ ...turned, bearing: turned.bearing + 2 });
    await button('Guardar').press('Enter');
    await seen('Guardado.');
    const [camera] = await asked<{ bearingDeg: number; rangeM: number }[]>('/api/cameras');
    expect(camera).toMatchObject({ bearingDeg: turned.bearing + 2, rangeM: turned.range });
  });

  it('renames it, and says no longer that it is saved once something else was typed', async () => {
    await desk.getByLabel('Nombre').fill('Callao y Moquegua');
    await desk.getByText('Guardado.').waitFor({ state: 'detached' });
    await desk.keyboard.press('Enter');
    await seen('Guardado.');
    await seen('Callao y Moquegua', map);
    await clean();
  });

  it('changes its login: the device is asked first', async () => {
    await button('Cambiar acceso').press('Enter');
    await clean();
    await desk.keyboard.type(CAMERA.username);
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('no es esta');
    await desk.keyboard.press('Enter');
    await seen('El usuario o la contraseña del equipo no son correctos.', dialog());
    await clean();
    await dialog().getByLabel('Contraseña').fill(CAMERA.password);
    await desk.keyboard.press('Enter');
    await seen('La cámara aceptó el acceso nuevo');
    expect(await focused()).toBe('Cambiar acceso');
  });

  it('draws a zone with its risk level, and tells how much of it is seen', async () => {
    await tab('Zonas');
    await button('Dibujar zona').press('Enter');
    await desk.locator('.leaflet-container.geoman-draw-cursor').waitFor();
    const corners = await hands.around([
      [-120, -90],
      [230, -70],
      [240, 190],
      [-100, 210],
    ]);
    for (const [x, y] of [...corners, corners[0]!]) await hands.click(x, y);
    await seen(/Área: 0,\d+ km²/);
    await desk.getByLabel('Nombre de la zona').fill('Centro cívico');
    await desk.getByLabel('Zona de riesgo medio').check();
    await clean();
    await button('Guardar').press('Enter');
    await seen(/^[1-9]\d? % cubierto$/);
    await seen('1 de 1 cámaras en servicio');
    const [zone] = await asked<{ riskLevel: string; ring: [number, number][] }[]>('/api/zones');
    expect(zone?.riskLevel).toBe('medium');
    expect(zone?.ring).toHaveLength(5);
    await clean();
  });

  it('edits the zone: a corner dragged, another level', async () => {
    const share = await desk.locator('.zone-row__share').innerText();
    await desk.getByRole('button', { name: /Centro cívico/ }).press('Enter');
    await desk.getByLabel('Zona de riesgo alto').check();
    const corner = desk.locator('.leaflet-container .marker-icon:not(.marker-icon-middle)').first();
    const { x, y } = await hands.centreOf(corner);
    await hands.pull(x, y, -160, -120);
    await clean();
    // Schedules of alarms, above it, are saved by a button of their own.
    await button(/^Guardar$/).press('Enter');
    await until('the share of the larger zone', 10_000, async () => {
      const now = await desk.locator('.zone-row__share').innerText();
      return now !== share && /^\d+ % cubierto$/.test(now);
    });
    await seen('Alto', desk.locator('.zone-row'));
    await seen('Centro cívico', map);
  });

  it('shows on the wall that a camera was unplugged, in every layout, and that it came back', async () => {
    const wall = await office.newPage();
    await wall.goto(`${product.url}/wall`);
    await wall.locator('[data-camera="C-01"][data-picture="live"]').waitFor({ timeout: 20_000 });
    await town.setFaults(CAMERA.id, { unplugged: true });
    await wall.locator('[data-camera="C-01"][data-picture="lost"]').waitFor({ timeout: 10_000 });
    await wall.locator('.strip .card--offline').waitFor({ timeout: 10_000 });
    for (const layout of ['2', '3', '1']) {
      await wall.keyboard.press(layout);
      expect(await wall.locator('[data-camera="C-01"]').getAttribute('data-picture')).toBe('lost');
      await clean(wall);
    }
    await town.setFaults(CAMERA.id, { unplugged: false });
    await wall.locator('[data-camera="C-01"][data-picture="live"]').waitFor({ timeout: 10_000 });
    await wall.close();
  }, 60_000);

  it('removes the camera with a reason, and adopts it again', async () => {
    await desk.bringToFront();
    await tab('Cámaras');
    await seen('C-01');
    await button('Retirar cámara').press('Enter');
    await clean();
    expect(await button('Retirar C-01', dialog()).isDisabled()).toBe(true);
    await desk.keyboard.type('Se cambia el poste');
    await desk.keyboard.press('Enter');
    await seen('Conecte sus cámaras');
    await seen('Aún no hay cámaras', map);
    await tab('Descubrir');
    await button(`Incorporar ${CAMERA.host}`).press('Enter');
    await desk.keyboard.type(CAMERA.username);
    await desk.keyboard.press('Tab');
    await desk.keyboard.type(CAMERA.password);
    await desk.keyboard.press('Enter');
    await seen('El acceso funciona.');
    await button('Incorporar cámara').press('Enter');
    await seen('fue incorporada');
    await button('Ver cámara').press('Enter');
    await seen('Esta cámara no está en el mapa.');
    await desk.locator('[data-picture="live"]').waitFor({ timeout: 20_000 });
    await clean();
  }, 40_000);

  it('makes an account for an operator, who sees cameras and manages none', async () => {
    await desk.goto(`${product.url}/admin`);
    await button('Nueva cuenta').press('Enter');
    await desk.keyboard.type(OPERATOR.username);
    await dialog().getByLabel('Nombre').fill(OPERATOR.name);
    await dialog().getByLabel('Contraseña').fill('corta');
    expect(await button('Guardar', dialog()).isDisabled()).toBe(true);
    await dialog().getByLabel('Contraseña').fill(OPERATOR.password);
    await clean();
    await desk.keyboard.press('Enter');
    await seen(OPERATOR.username, desk.locator('.table'));
    await clean();
    const room = await browser.newContext({ viewport: VIEWPORT, locale: 'es-PE' });
    const page = await room.newPage();
    await signIn(page, `${product.url}/cameras`, OPERATOR);
    await page.getByRole('button', { name: /C-02/ }).click();
    await page.locator('[data-picture="live"]').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Cámaras', 'Zonas', 'Alarmas']);
    expect(await page.getByRole('link', { name: 'Administración' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /Guardar|Retirar|Cambiar acceso/ }).count()).toBe(0);
    const status = await page.evaluate(async () => (await fetch('/api/candidates')).status);
    expect(status).toBe(403);
    await clean(page);
    await room.close();
  }, 40_000);

  it('changes the own password, which is the only one that then opens', async () => {
    await button(/Administrador/).press('Enter');
    await button('Cambiar contraseña').press('Enter');
    await desk.keyboard.type('no es la mía, de veras');
    await desk.keyboard.press('Tab');
    await desk.keyboard.type(NEW_PASSWORD);
    await desk.keyboard.press('Enter');
    await seen('La contraseña actual no es correcta.', dialog());
    await clean();
    await dialog().getByLabel('Contraseña actual').fill(administrator.password);
    await desk.keyboard.press('Enter');
    await seen('Contraseña cambiada.', dialog());
    await desk.keyboard.press('Escape');
    const room = await browser.newContext({ viewport: VIEWPORT, locale: 'es-PE' });
    const page = await room.newPage();
    await page.goto(product.url);
    await page.getByLabel('Usuario').fill(administrator.username);
    await page.getByLabel('Contraseña').fill(administrator.password);
    await page.keyboard.press('Enter');
    await seen('El usuario o la contraseña no son correctos.', page);
    await signIn(page, product.url, { ...administrator, password: NEW_PASSWORD });
    await room.close();
  }, 40_000);

  it('finds all of it in the audit, in words', async () => {
    await desk.getByRole('tab', { name: 'Cuentas' }).focus();
    await desk.keyboard.press('End');
    for (let step = 0; step < 2; step++) await desk.keyboard.press('ArrowLeft');
    const rows = desk.locator('.admin__body tbody tr');
    await rows.first().waitFor();
    const told = (await rows.allInnerTexts()).join('\n');
    for (const words of [
      'Inicio de búsqueda',
      'Cancelación de búsqueda',
      'Descarte de equipo',
      'Prueba de acceso a equipo',
      'Incorporación de cámara',
      'Visualización en vivo',
      'Cambio de cámara',
      'Nombre: Jr. Callao → Callao y Moquegua',
      'Cambio de acceso de cámara',
      'Creación de zona',
      'Nivel de riesgo: Medio → Alto',
      'Motivo: Se cambia el poste',
      'Rol: Operación de cámaras',
      'Acceso denegado',
      'Cambio de contraseña',
      'El usuario o la contraseña del equipo no son correctos.',
    ])
      expect(told).toContain(words);
    // Neither a password nor a code that nobody translated.
    for (const secret of [CAMERA.password, OPERATOR.password, NEW_PASSWORD]) expect(told).not.toContain(secret);
    expect(told).not.toMatch(/No se pudo completar|riskLevel|[a-z]:(create|change|remove|start|refuse)/);
    await clean();
  });
});
