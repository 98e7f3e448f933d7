import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncidentItem, UnitView } from '#libs/wire';
import { signedInApi, type ApiClient } from './api-client.ts';
import { startProduct, type Product } from './product.ts';
import { until } from './until.ts';

/** The one test in which the demonstration has its hands; what they do is tested in apps/api/src/demo-town.db.test.ts. */
describe('the moving town, as npm start runs it', () => {
  let product: Product;
  let api: ApiClient;

  beforeAll(async () => {
    product = await startProduct({ env: { ATALAYA_DEMO_TOWN: '1', ATALAYA_DEMO_TOWN_SEED: 'e2e' } });
    api = await signedInApi(product.url, await product.loginOf('dispatcher'));
  }, 120_000);

  afterAll(() => product?.discard(), 60_000);

  it('has twelve units that say where they are, crews that speak, and a first call', async () => {
    // Crews are heard of one after the other: that three have spoken is enough here.
    await until('twelve units that report and crews that speak', 60_000, async () => {
      const units = await api.get<UnitView[]>('/api/units');
      const fresh = units.filter(({ position }) => position?.age === 'fresh');
      return fresh.length === 12 && units.filter(({ status }) => status === 'patrolling').length >= 3;
    });
    await until('a call', 20_000, async () => (await api.get<IncidentItem[]>('/api/incidents')).length > 0);
  }, 90_000);

  it('stops with everything else, without force', async () => {
    expect(await product.stop()).toBe(0);
    expect(product.output()).toContain('Atalaya se detuvo.');
  }, 60_000);
});
