import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-config-'));
const NEEDED = { DATABASE_URL: 'postgres://localhost/atalaya', ATALAYA_KEY: '07'.repeat(32), ATALAYA_DATA: folder };
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadConfig', () => {
  it('needs the database and a key, and has a sound default for the rest', () => {
    expect(loadConfig(NEEDED)).toMatchObject({
      port: 8080,
      relayPort: 8081,
      relayUrls: [],
      demonstration: false,
      sessionIdleMs: 12 * 3_600_000,
      trustedProxies: 0,
      map: { pmtilesFile: null, tilesUrl: null, centre: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 } },
    });
  });

  it.each([
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['ATALAYA_PORT', '70000'],
    ['ATALAYA_PORT', 'http'],
    ['ATALAYA_KEY', 'secreto-corto'],
    ['ATALAYA_DEMO', 'maybe'],
    ['ATALAYA_SESSION_KEEP_DAYS', '0'],
    ['ATALAYA_CAMERA_NETWORKS', '10.0.0.0/8, 10.0.0.0/33'],
    ['ATALAYA_CAMERA_NETWORKS', 'cameras.example/24'],
    ['ATALAYA_SESSION_IDLE_HOURS', '0'],
    ['ATALAYA_TRUSTED_PROXIES', '-1'],
    ['ATALAYA_RELAY_URL', 'ftp://relay'],
    ['ATALAYA_RELAY_URL', 'https://a.example,relay'],
    ['ATALAYA_MAP_TILES', 'https://tiles.example/{z}/{x}.png'],
    ['ATALAYA_MAP_PMTILES', '/no/such/file.pmtiles'],
    ['ATALAYA_MAP_CENTRE', 'Ilo'],
  ])('names %s when it is %s', (name, value) => {
    const load = (): unknown => loadConfig({ ...NEEDED, [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
  });

  it('names every wrong variable at once', () => {
    const load = (): unknown => loadConfig({ ...NEEDED, ATALAYA_PORT: 'x', ATALAYA_DEMO: 'y' });
    expect(load).toThrow(/ATALAYA_PORT.*ATALAYA_DEMO/);
  });

  it('never repeats a key that it cannot read', () => {
    expect(() => loadConfig({ ...NEEDED, ATALAYA_KEY: 'secreto-corto' })).not.toThrow(/secreto-corto/);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ ...NEEDED, ATALAYA_PORT: '', ATALAYA_MAP_TILES: '' }).port).toBe(8080);
  });

  it('reads the key from the data folder, and says where it looked', () => {
    const { ATALAYA_KEY: _key, ...rest } = NEEDED;
    expect(() => loadConfig(rest)).toThrow(join('keys', 'master.key'));
    mkdirSync(join(folder, 'keys'));
    writeFileSync(join(folder, 'keys', 'master.key'), `${'0a'.repeat(32)}\n`);
    expect(loadConfig(rest).masterKey).toEqual(Buffer.alloc(32, 10));
  });

  it('lets cameras lie in private networks, and in loopback only for the demonstration', () => {
    expect(loadConfig(NEEDED).cameraNetworks).toContain('192.168.0.0/16');
    expect(loadConfig(NEEDED).cameraNetworks.join()).not.toContain('127.');
    expect(loadConfig({ ...NEEDED, ATALAYA_DEMO: '1' }).cameraNetworks).toContain('127.0.0.0/8');
    const own = { ...NEEDED, ATALAYA_CAMERA_NETWORKS: '203.0.113.0/24, 2001:db8::/32' };
    expect(loadConfig(own).cameraNetworks).toEqual(['203.0.113.0/24', '2001:db8::/32']);
  });
});
