import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { systemClock } from '#libs/base';
import type { PositionBatch } from '#libs/wire';

const BATCH_MS = 150;

/**
 * The plainest way to the same screens: a bare socket.io server that broadcasts batches of the same size and shape at the
 * same pace. It takes no reports: the rows are made here, each as old as if its unit had reported at its own moment of the
 * second. `<units>`; tells its parent the port.
 */
const units = Number(process.argv[2] ?? '1');
const server = createServer();
const io = new Server(server, { serveClient: false, perMessageDeflate: false });
const ids = Array.from({ length: units }, (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`);
let seq = 0;
let toldMs = systemClock.nowMs();

systemClock.every(BATCH_MS, () => {
  const nowMs = systemClock.nowMs();
  const rows: PositionBatch['rows'] = [];
  for (const [index, id] of ids.entries()) {
    // Unit n reports n/units into each second.
    const offsetMs = (1_000 * index) / units;
    const takenAtMs = Math.floor((nowMs - offsetMs) / 1_000) * 1_000 + offsetMs;
    if (takenAtMs > toldMs) rows.push([id, -17.645_912, -71.345_312, 90, 36.5, takenAtMs]);
  }
  toldMs = nowMs;
  seq++;
  io.emit('positions:moved', { epoch: 'floor', seq, serverNowMs: nowMs, rows } satisfies PositionBatch);
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
