import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { onePacketSocket } from './one-packet-socket.ts';

let server: Server;
let socket: Socket;
let heard = '';
/** What the socket was asked to send in one call of the system. */
let calls: string[] = [];

beforeEach(async () => {
  heard = '';
  calls = [];
  server = createServer((peer: Socket) => peer.on('data', (data) => (heard += data.toString())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = watched(onePacketSocket());
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
});
afterEach(() => {
  socket.destroy();
  server.close();
});

function watched(of: Socket): Socket {
  const { _write, _writev } = of;
  of._write = (chunk: Buffer, encoding, done) => {
    calls.push(chunk.toString());
    _write.call(of, chunk, encoding, done);
  };
  of._writev = (chunks, done) => {
    calls.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()).join(''));
    _writev!.call(of, chunks, done);
  };
  return of;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('sends what was written in one turn, and by the promises that settled in it, at once and in order', async () => {
  socket.write('a');
  await Promise.resolve();
  socket.write('b');
  void Promise.resolve().then(() => socket.write('c'));
  await nextTurn();
  socket.write('d');
  socket.end();
  await once(socket, 'close');
  expect(calls).toEqual(['abc', 'd']);
  expect(heard).toBe('abcd');
});

it('keeps what somebody else corked until that one lets go', async () => {
  socket.cork();
  socket.write('a');
  await nextTurn();
  expect(calls).toEqual([]);
  socket.uncork();
  expect(calls).toEqual(['a']);
});

it('lets a connection be destroyed in the turn in which something was written', async () => {
  socket.write('a');
  socket.destroy();
  await once(socket, 'close');
  expect(calls).toEqual([]);
});
