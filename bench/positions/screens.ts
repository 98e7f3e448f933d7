import { io, type Socket } from 'socket.io-client';
import { systemClock } from '#libs/base';
import type { ClientEvents, PositionBatch, ServerEvents } from '#libs/wire';

/** What the screens saw between `begin` and `end`. */
export interface Seen {
  /** `agesMs[n]`: rows that were shown n ms after they were reported; the last stands for all that took longer. */
  readonly agesMs: readonly number[];
  readonly batches: number;
}

const LONGEST_MS = 10_000;

/**
 * A process of screens: so many sockets that follow units, each counting how old every row is when it has been read from
 * its socket. `<url> <count> <cookie>...`; told `begin` and `end` by its parent, to which it answers.
 */
async function main(): Promise<void> {
  const [url = '', count = '1', ...cookies] = process.argv.slice(2);
  const agesMs = Array.from({ length: LONGEST_MS + 1 }, () => 0);
  let batches = 0;
  let counting = false;
  const see = ({ rows }: PositionBatch): void => {
    if (!counting) return;
    batches++;
    const nowMs = systemClock.nowMs();
    for (const [, , , , , takenAtMs] of rows) {
      const ageMs = Math.max(0, Math.min(LONGEST_MS, Math.round(nowMs - takenAtMs)));
      agesMs[ageMs] = (agesMs[ageMs] ?? 0) + 1;
    }
  };
  for (let number = 0; number < Number(count); number++) {
    const socket = await open(url, cookies[number % cookies.length]);
    socket.on('positions:moved', see);
  }
  process.on('message', (message) => {
    counting = message === 'begin';
    if (message === 'end') process.send?.({ agesMs, batches } satisfies Seen);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

async function open(url: string, cookie: string | undefined): Promise<Socket<ServerEvents, ClientEvents>> {
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.on('disconnect', (reason) => {
    throw new Error(`a screen was cut off: ${reason}`);
  });
  if (cookie === undefined) return socket;
  const answer = await socket.timeout(10_000).emitWithAck('topic:subscribe', { topic: 'units' });
  if (!answer.ok) throw new Error(`units cannot be followed: ${answer.code}`);
  return socket;
}

await main();
