import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-map-'));
const file = join(folder, 'ilo.pmtiles');
const content = Buffer.from(Array.from({ length: 4_096 }, (_, index) => index % 251));
writeFileSync(file, content);
afterAll(() => rmSync(folder, { recursive: true }));

async function withMap(
  settings: Record<string, string>,
  use: (test: TestApplication, cookie: string) => Promise<void>,
) {
  const test = await startTestApplication(settings);
  try {
    await use(test, await test.cookieOf(await test.addAccount('sereno', 'patrol')));
  } finally {
    await test.close();
  }
}

describe('the map', () => {
  it('is the schematic when nothing is configured, and has no file', () =>
    withMap({}, async (test, cookie) => {
      expect(await (await test.call('GET', '/api/map', { cookie })).json()).toEqual({
        base: { kind: 'schematic' },
        centre: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 },
        zoom: 14,
      });
      const missing = await test.call('GET', '/api/map/base.pmtiles', { cookie });
      expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'no-map-file' }]);
    }));

  it('names online tiles, which the policy of the pages then allows', () =>
    withMap(
      { ATALAYA_MAP_TILES: 'https://{s}.tile.example/{z}/{x}/{y}.png', ATALAYA_MAP_ATTRIBUTION: '© OpenStreetMap' },
      async (test, cookie) => {
        const response = await test.call('GET', '/api/map', { cookie });
        expect(((await response.json()) as { base: unknown }).base).toEqual({
          kind: 'tiles',
          url: 'https://{s}.tile.example/{z}/{x}/{y}.png',
          attribution: '© OpenStreetMap',
        });
        expect(response.headers.get('content-security-policy')).toMatch(/img-src [^;]*https:\/\/\*\.tile\.example/);
      },
    ));

  it('serves parts of an own file, and only to those who are signed in', () =>
    withMap({ ATALAYA_MAP_PMTILES: file }, async (test, cookie) => {
      const view = (await (await test.call('GET', '/api/map', { cookie })).json()) as { base: { url: string } };
      const part = (range: string): Promise<Response> =>
        test.call('GET', view.base.url, { cookie, headers: { range } });
      const middle = await part('bytes=100-199');
      expect([middle.status, middle.headers.get('content-range')]).toEqual([206, 'bytes 100-199/4096']);
      expect(Buffer.from(await middle.arrayBuffer())).toEqual(content.subarray(100, 200));
      expect(Buffer.from(await (await part('bytes=-96')).arrayBuffer())).toEqual(content.subarray(4_000));
      expect((await part('bytes=9000-')).status).toBe(416);
      const whole = await test.call('GET', view.base.url, { cookie });
      expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
      expect((await test.call('GET', view.base.url, { headers: { range: 'bytes=0-9' } })).status).toBe(401);
    }));
});
