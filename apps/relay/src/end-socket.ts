import type { Socket } from 'node:net';

/** Lets what was written leave, but not for ever. */
export function endSocket(socket: Socket): void {
  socket.removeAllListeners('close');
  if (socket.connecting) socket.destroy();
  else socket.end(() => socket.destroy());
}
