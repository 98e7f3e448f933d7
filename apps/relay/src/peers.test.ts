import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RelayPeer } from './lease-store.ts';
import { areAllCutOff, peerUrl } from './peers.ts';

const INSTANCE = '0190f0a0-0000-7000-8000-0000000000a1';
const OTHER = '0190f0a0-0000-7000-8000-0000000000a2';

describe('asking other relays', () => {
  let server: Server;
  let answer: unknown;
  let peer: RelayPeer;

  beforeAll(async () => {
    server = createServer((_request, response) => response.end(JSON.stringify(answer)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    peer = { id: 'north', instance: INSTANCE, publicUrl: `http://{host}:${port}`, address: '127.0.0.1' };
  });
  afterAll(() => {
    server.close();
  });

  it.each([
    ['one that is cut off too', { id: 'north', instance: INSTANCE, confirmedAgoMs: 2_000 }, true],
    ['one that has the database', { id: 'north', instance: INSTANCE, confirmedAgoMs: 900 }, false],
    ['another process of that name', { id: 'north', instance: OTHER, confirmedAgoMs: 9_000 }, false],
    ['ourselves, where its address leads back', { id: 'south', instance: INSTANCE, confirmedAgoMs: 9_000 }, false],
    ['something else', { status: 'ok' }, false],
    ['too much', 'x'.repeat(5_000), false],
  ])('believes, or not, %s', async (_who, says, isBelieved) => {
    answer = says;
    expect(await areAllCutOff([peer], 2_000)).toBe(isBelieved);
  });

  it('counts one that does not answer as one that may have the database', async () => {
    answer = { id: 'north', instance: INSTANCE, confirmedAgoMs: 9_000 };
    const away = { ...peer, id: 'away', publicUrl: 'http://127.0.0.1:1' };
    expect([await areAllCutOff([peer, peer], 2_000), await areAllCutOff([peer, away], 2_000)]).toEqual([true, false]);
  });

  it('asks at the address of browsers, or where the database sees the relay', () => {
    const at = (publicUrl: string, address: string | null): string => peerUrl({ ...peer, publicUrl, address });
    expect(at('https://video.example/relay', '10.0.0.5')).toBe('https://video.example/relay/peer');
    expect(at('http://{host}:8081', '10.0.0.5')).toBe('http://10.0.0.5:8081/peer');
    expect(at('http://{host}:8081', 'fd00::5')).toBe('http://[fd00::5]:8081/peer');
  });
});
