import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, configOfWorker, readConfig } from './config.ts';

const KEY = 'ab'.repeat(32);
const GOOD = { ATALAYA_KEY: KEY, DATABASE_URL: 'postgres://here/db' };

describe('readConfig', () => {
  it('has a default for everything but the key and the database', async () => {
    expect(await readConfig(GOOD)).toMatchObject({
      port: 8081,
      relayId: 'relay-1',
      publicUrl: undefined,
      tls: undefined,
      windowS: 0,
      rtmpPort: 1935,
      rtmpUrl: undefined,
      ffmpeg: { isWanted: true, path: undefined, maxConversions: expect.any(Number) },
      masterKey: Buffer.from(KEY, 'hex'),
      cameras: { kind: 'postgres', databaseUrl: 'postgres://here/db' },
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('takes a port for publishers, or none', async () => {
    const portOf = async (text: string): Promise<number | undefined> =>
      (await readConfig({ ...GOOD, ATALAYA_RTMP_PORT: text })).rtmpPort;
    expect([await portOf('1936'), await portOf('0'), await portOf('off')]).toEqual([1936, undefined, undefined]);
    const { rtmpUrl } = await readConfig({ ...GOOD, ATALAYA_RTMP_URL: 'rtmps://video.ilo.gob.pe/live/' });
    expect(rtmpUrl).toBe('rtmps://video.ilo.gob.pe/live');
  });

  it('runs as many workers as told, each with its own name, port and address', async () => {
    const env = {
      ...GOOD,
      ATALAYA_RELAY_WORKERS: '3',
      ATALAYA_RELAY_URL: 'https://video.example/w{worker}',
      ATALAYA_TRANSCODES: '8',
    };
    const config = await readConfig(env);
    expect(config.workers).toBe(3);
    expect(configOfWorker(config, 2)).toMatchObject({
      workers: 1,
      relayId: 'relay-1-w2',
      port: 8082,
      publicUrl: 'https://video.example/w2',
      rtmpPort: undefined,
      takesPushed: false,
      ffmpeg: { maxConversions: 2 },
    });
    expect(configOfWorker(config, 1)).toMatchObject({ rtmpPort: 1935, takesPushed: true });
    expect((await readConfig({ ...GOOD, ATALAYA_RELAY_URL: 'https://video.example' })).workers).toBe(1);
  });

  it('takes the ffmpeg that is named, or none', async () => {
    const named = await readConfig({ ...GOOD, ATALAYA_FFMPEG: '/opt/ffmpeg', ATALAYA_TRANSCODES: '0' });
    expect(named.ffmpeg).toEqual({ isWanted: true, path: '/opt/ffmpeg', maxConversions: 0 });
    const none = await readConfig({ ...GOOD, ATALAYA_FFMPEG: '0', ATALAYA_TRANSCODES: '3' });
    expect(none.ffmpeg).toEqual({ isWanted: false, maxConversions: 0 });
  });

  it('finds the key in the data folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-config-'));
    await mkdir(join(folder, 'keys'));
    await writeFile(join(folder, 'keys', 'master.key'), `${KEY}\n`);
    const config = await readConfig({ ATALAYA_DATA: folder, ATALAYA_RELAY_CAMERAS: 'cameras.json' });
    await rm(folder, { recursive: true });
    expect(config).toMatchObject({
      masterKey: Buffer.from(KEY, 'hex'),
      cameras: { kind: 'file', path: 'cameras.json' },
    });
  });

  it.each([
    ['no database', { ATALAYA_KEY: KEY }],
    ['no key', { DATABASE_URL: 'x', ATALAYA_DATA: '/nowhere' }],
    ['a short key', { ...GOOD, ATALAYA_KEY: 'abcd' }],
    ['no worker', { ...GOOD, ATALAYA_RELAY_WORKERS: '0' }],
    ['too many workers', { ...GOOD, ATALAYA_RELAY_WORKERS: '9' }],
    ['one address for two workers', { ...GOOD, ATALAYA_RELAY_WORKERS: '2', ATALAYA_RELAY_URL: 'http://one' }],
    ['too many conversions', { ...GOOD, ATALAYA_TRANSCODES: '33' }],
    ['a port out of range', { ...GOOD, ATALAYA_RELAY_PORT: '70000' }],
    ['a certificate without its key', { ...GOOD, ATALAYA_RELAY_TLS_CERT: '/a.pem' }],
    ['a certificate that is not there', { ...GOOD, ATALAYA_RELAY_TLS_CERT: '/a.pem', ATALAYA_RELAY_TLS_KEY: '/b.pem' }],
    [
      'a certificate that is none',
      { ...GOOD, ATALAYA_RELAY_TLS_CERT: 'package.json', ATALAYA_RELAY_TLS_KEY: 'package.json' },
    ],
    ['a port for publishers out of range', { ...GOOD, ATALAYA_RTMP_PORT: '65536' }],
    ['an address for devices of another kind', { ...GOOD, ATALAYA_RTMP_URL: 'http://x/live' }],
    ['a window of an hour', { ...GOOD, ATALAYA_RELAY_WINDOW_S: '3600' }],
    ['a port that is no number', { ...GOOD, ATALAYA_RELAY_PORT: '80a' }],
    ['an id that would break a label', { ...GOOD, ATALAYA_RELAY_ID: 'a"b' }],
    ['a log level that does not exist', { ...GOOD, ATALAYA_LOG_LEVEL: 'loud' }],
    ['an address of another kind', { ...GOOD, ATALAYA_RELAY_URL: 'javascript:alert(1)' }],
  ])('refuses %s, and never says the key', async (_, env) => {
    const failure = await readConfig(env).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).not.toContain('abab');
  });
});
