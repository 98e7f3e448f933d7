import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { ClientEvents, ServerEvents, Snapshot, Topic } from '#libs/wire';

/**
 * The plainest server that pages can come back to: a bare socket.io that has every snapshot ready in memory and checks
 * nothing. `<port> <file of snapshots>`.
 */
const [port = '0', file = ''] = process.argv.slice(2);
const snapshots = JSON.parse(readFileSync(file, 'utf8')) as Record<Topic, Snapshot<Topic>>;
const server = createServer();
const io = new Server<ClientEvents, ServerEvents>(server, { serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('topic:subscribe', ({ topic }, answer) => answer({ ok: true, snapshot: snapshots[topic] }));
});
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
