import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Result } from '#libs/base';
import { measureClock, parseNetworks, type ServiceAddress, type SoapReply } from '#libs/onvif';
import { DeviceLines } from './soap-line.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A device that does what it likes with each connection. */
async function device(behave: (socket: Socket) => void): Promise<ServiceAddress> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => behave(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { secure: false, host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/x' };
}

const lines = new DeviceLines(systemClock, { allowed: parseNetworks(['127.0.0.0/8']) });
async function post(address: ServiceAddress, maxExchangeMs = 2_000): Promise<Result<SoapReply>> {
  const line = lines.to(address, maxExchangeMs);
  if (!line.ok) return line;
  return line.value.post({ port: address.port, path: address.path, headers: {}, body: '<a/>' });
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.refusal.code);

describe('a line to a device', () => {
  it('brings the answer, its challenges apart, and when it came', async () => {
    const address = await device((socket) =>
      socket.end(
        'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest a="1", b\r\nWWW-Authenticate: Basic x\r\nContent-Length: 2\r\n\r\nhi',
      ),
    );
    const reply = await post(address);
    expect(reply).toMatchObject({ ok: true, value: { status: 401, challenges: ['Digest a="1", b', 'Basic x'] } });
    if (!reply.ok) return;
    expect(Buffer.from(reply.value.body).toString()).toBe('hi');
    expect(reply.value.receivedMs).toBeGreaterThanOrEqual(reply.value.sentMs);
  });

  it('does not follow a redirect', async () => {
    let asked = 0;
    const elsewhere = await device((socket) => {
      asked++;
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const address = await device((socket) =>
      socket.end(`HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${elsewhere.port}/\r\nContent-Length: 0\r\n\r\n`),
    );
    expect(await post(address)).toMatchObject({ ok: true, value: { status: 302 } });
    const line = lines.to(address);
    expect(codeOf(line.ok ? await measureClock(line.value, address) : line)).toBe('onvif-redirected');
    expect(asked).toBe(0);
  });

  it.each<[string, string, (socket: Socket) => void]>([
    [
      'onvif-malformed',
      'an answer without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const flood = (): void => void (socket.destroyed || socket.write(Buffer.alloc(65_536, 97), flood));
        flood();
      },
    ],
    [
      'onvif-malformed',
      'an answer cut short',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
    ],
    ['onvif-malformed', 'something that is not HTTP', (socket) => socket.end('SSH-2.0-dropbear\r\n')],
    [
      'onvif-malformed',
      'headers without end',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(10_000)}`),
    ],
    ['onvif-unreachable', 'a connection that is closed', (socket) => socket.destroy()],
    ['onvif-timeout', 'silence', () => {}],
    [
      'onvif-timeout',
      'a byte now and then',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        systemClock.every(20, () => void (socket.destroyed || socket.write('x')));
      },
    ],
  ])('refuses with %s %s', async (code, _what, behave) => {
    expect(codeOf(await post(await device(behave), 400))).toBe(code);
  });

  it('goes nowhere outside the networks of cameras, and nowhere that nobody listens', async () => {
    expect(codeOf(lines.to({ secure: false, host: '10.0.0.1', port: 80, path: '/' }))).toBe('address-not-allowed');
    expect(codeOf(lines.to({ secure: false, host: 'localhost', port: 80, path: '/' }))).toBe('address-not-allowed');
    const address = await device(() => {});
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect(codeOf(await post(address))).toBe('onvif-unreachable');
  });
});
