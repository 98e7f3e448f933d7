import { afterEach, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { silentLogger, sleep, systemClock } from '#libs/base';
import type { SimCamera, SimCameraSpec } from '../model.ts';
import { startOnvif, type RunningOnvif } from './index.ts';
import { testCamera } from './testing/camera.ts';
import { envelope, securityHeader } from './testing/client.ts';
import { XML_LIMITS } from './xml-reader.ts';

const DATE = envelope('<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
const running: RunningOnvif[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((face) => face.close()));
});

async function start(over: Partial<SimCameraSpec> = {}): Promise<{ camera: SimCamera; face: RunningOnvif }> {
  const camera = testCamera({ host: '127.0.17.1', ...over });
  const face = await startOnvif(camera, { clock: systemClock, logger: silentLogger });
  running.push(face);
  return { camera, face };
}

function urlOf(camera: SimCamera, face: RunningOnvif): string {
  return `http://${camera.host}:${face.port}/onvif/device_service`;
}

/** HTTP status, or why there was none. */
async function post(url: string, body: string = DATE): Promise<number | string> {
  try {
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status;
  } catch (thrown) {
    const { cause } = thrown as { cause?: { code?: string } };
    return cause?.code ?? String(thrown);
  }
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const endMs = systemClock.monotonicMs() + 5_000;
  while (!(await what())) {
    if (systemClock.monotonicMs() > endMs) throw new Error('did not come to pass within 5 s');
    await sleep(systemClock, 5);
  }
}

function open(camera: SimCamera, face: RunningOnvif): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(face.port, camera.host, () => resolve(socket));
    socket.once('error', reject);
    sockets.push(socket);
  });
}

/** Everything that comes until the connection ends. */
function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(`${text}[${error.code}]`));
    socket.on('close', () => resolve(text));
  });
}

describe('the HTTP server of a camera', () => {
  it('answers at its address', async () => {
    const { camera, face } = await start();
    expect(await post(urlOf(camera, face))).toBe(200);
  });

  it('breaks every connection and refuses new ones while it is unplugged', async () => {
    const { camera, face } = await start();
    const waiting = await open(camera, face);
    const heard = readAll(waiting);
    camera.setFaults({ unplugged: true });
    expect(await heard).toBe('[ECONNRESET]');
    expect(await post(urlOf(camera, face))).toBe('ECONNREFUSED');
    camera.setFaults({ unplugged: false });
    await until(async () => (await post(urlOf(camera, face))) === 200);
  });

  it('survives being plugged and unplugged faster than a socket can be bound', async () => {
    const { camera, face } = await start();
    for (let turn = 0; turn < 20; turn++) camera.setFaults({ unplugged: turn % 2 === 0 });
    await until(async () => (await post(urlOf(camera, face))) === 200);
    camera.setFaults({ unplugged: true });
    expect(await post(urlOf(camera, face))).toBe('ECONNREFUSED');
  });

  it('starts without a cable and appears when it is plugged in', async () => {
    const camera = testCamera({ host: '127.0.17.9', onvifPort: 0 });
    camera.setFaults({ unplugged: true });
    const face = await startOnvif(camera, { clock: systemClock, logger: silentLogger });
    running.push(face);
    expect(face.port).toBe(0);
    camera.setFaults({ unplugged: false });
    await until(async () => face.port !== 0 && (await post(urlOf(camera, face))) === 200);
  });

  it('moves to the new address after a reboot, and its subscriptions are gone', async () => {
    const { camera, face } = await start();
    const oldUrl = urlOf(camera, face);
    const { username, password } = camera.spec;
    const signed = (body: string): string =>
      envelope(body, securityHeader({ username, password, createdMs: systemClock.nowMs() }));
    const events = (): string => `http://${camera.host}:${face.port}/onvif/event_service`;
    const create = '<CreatePullPointSubscription xmlns="http://www.onvif.org/ver10/events/wsdl"/>';
    expect(await post(events(), signed(create))).toBe(200);
    camera.reboot('127.0.17.2');
    await until(async () => (await post(urlOf(camera, face))) === 200);
    expect(await post(oldUrl)).toBe('ECONNREFUSED');
    const pull =
      '<PullMessages xmlns="http://www.onvif.org/ver10/events/wsdl"><Timeout>PT0S</Timeout><MessageLimit>1</MessageLimit></PullMessages>';
    expect(await post(`http://${camera.host}:${face.port}/onvif/pullpoint/1`, signed(pull))).toBe(400);
  });

  it('keeps trying an address that is not there yet, and rejects when the first one cannot be bound', async () => {
    const { camera, face } = await start();
    camera.reboot('192.0.2.200');
    camera.reboot('127.0.17.3');
    await until(async () => (await post(urlOf(camera, face))) === 200);
    const twin = testCamera({ host: camera.host, onvifPort: face.port });
    await expect(startOnvif(twin, { clock: systemClock, logger: silentLogger })).rejects.toThrow('EADDRINUSE');
  });

  it('refuses bodies that are too large, told or trickled', async () => {
    const { camera, face } = await start();
    expect(await post(urlOf(camera, face), ' '.repeat(XML_LIMITS.maxBytes))).toBe(400);
    const large = await open(camera, face);
    const told = readAll(large);
    large.write(`POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nContent-Length: ${XML_LIMITS.maxBytes + 1}\r\n\r\n`);
    expect(await told).toMatch(/^HTTP\/1\.1 413/);
    const chunked = await open(camera, face);
    const heard = readAll(chunked);
    chunked.write('POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let part = 0; part < 70; part++) chunked.write(`400\r\n${'x'.repeat(1024)}\r\n`);
    expect(await heard).toMatch(/^(HTTP\/1\.1 413|\[ECONNRESET\]|\[EPIPE\])/);
    expect(await post(urlOf(camera, face))).toBe(200);
  });

  it('refuses headers that are too large and lines that are no HTTP', async () => {
    const { camera, face } = await start();
    const large = await open(camera, face);
    const first = readAll(large);
    large.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(9_000)}\r\n\r\n`);
    expect(await first).toMatch(/^HTTP\/1\.1 431/);
    const odd = await open(camera, face);
    const second = readAll(odd);
    odd.write('\u0000\u0001 what is this\r\n\r\n');
    expect(await second).toMatch(/^HTTP\/1\.1 400/);
  });

  it('hands answers out slowly over a slow link', async () => {
    const { camera, face } = await start();
    camera.setFaults({ linkBytesPerSecond: 4_000 });
    const begunMs = systemClock.monotonicMs();
    expect(await post(urlOf(camera, face))).toBe(200);
    expect(systemClock.monotonicMs() - begunMs).toBeGreaterThan(150);
  });
});
