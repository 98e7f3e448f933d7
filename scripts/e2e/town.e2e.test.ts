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

  it('has twelve units on patrol that say where they are, and a first call', async () => {
    await until('twelve units on patrol', 40_000, async () => {
      const units = await api.get<UnitView[]>('/api/units');
      const ready = units.filter(({ status, position }) => status === 'patrolling' && position?.age === 'fresh');
      return ready.length === 12;
    });
    await until('a call', 20_000, async () => (await api.get<IncidentItem[]>('/api/incidents')).length > 0);
  }, 70_000);

  it('stops with everything else, without force', async () => {
    expect(await product.stop()).toBe(0);
    expect(product.output()).toContain('Atalaya se detuvo.');
  }, 60_000);
});
