import { Socket } from 'node:net';

/**
 * A socket whose writes of one turn of the event loop leave together. The statements of a ledger command are pipelined, a
 * dozen of them with several messages each; a packet and a waking of the server for every one is most of what they cost.
 * Nothing waits longer for it: the turn in which something was written is over before the server could be heard again.
 */
export function onePacketSocket(): Socket {
  const socket = new Socket();
  // Not by a class that overrides it: connecting puts the plain `write` back (node's lib/net.js, Socket.prototype.connect).
  socket.once('connect', () => holdWrites(socket));
  return socket;
}

function holdWrites(socket: Socket): void {
  const plain = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isHolding = false;
  socket.write = (...args: unknown[]) => {
    if (!isHolding) {
      isHolding = true;
      socket.cork();
      // After the promises that are settled already: what they go on to send is of the same turn.
      process.nextTick(() => {
        isHolding = false;
        socket.uncork();
      });
    }
    return plain(...args);
  };
}
