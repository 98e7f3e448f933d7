import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io } from 'socket.io-client';
import { sleep, systemClock } from '#libs/base';
import type { SubscribeAnswer } from '#libs/wire';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { nextMessage } from '../next-message.ts';
import { Centre } from '../positions/centre.ts';
import { PAGE_TOPICS, type Consistent, type Expect } from '../reconnect/page-topics.ts';
import type { BenchRecorder } from '../report.ts';

const PAGES = path.resolve(import.meta.dirname, '..', 'reconnect', 'pages.js');
const FLOOR = path.resolve(import.meta.dirname, '..', 'reconnect', 'floor.js');
/** An account may open 32 sockets. */
const PAGES_PER_ACCOUNT = 30;
const LOOK_EVERY_MS = 5;
const START_WITHIN_MS = 30_000;
/** As long as an api takes to start; the floor is away as long. */
const FLOOR_AWAY_MS = 1_500;

interface Plan {
  readonly rounds: number;
  readonly quick: boolean;
}

/**
 * Two hundred dispatch pages whose api is killed: from the moment at which the next one answers to the moment at which a page
 * has every topic again, and an incident besides that was opened since. What a page still waits because it has just tried is
 * counted. `floor` is a bare socket.io server that is killed and comes back with the same snapshots ready in memory.
 */
export async function measureReconnect({ rounds, quick }: Plan, into: BenchRecorder): Promise<void> {
  const [pages, things] = quick ? [10, 5] : [200, 100];
  const name = `reconnect-${pages}`;
  const centre = await Centre.start();
  const folder = await mkdtemp(path.join(tmpdir(), 'atalaya-bench-'));
  try {
    const cookies: string[] = [];
    for (let n = 0; n < pages; n += PAGES_PER_ACCOUNT) cookies.push(await centre.addDispatcher(`despacho-${n}`));
    await centre.register(things);
    for (let n = 0; n < things; n++) await openIncident(centre, cookies[0]!);
    for (let round = 1; round <= rounds; round++) {
      console.log(`${name}: round ${round} of ${rounds}`);
      report(into, name, 'atalaya', await loseApi(centre, pages, cookies));
      report(into, name, 'floor', await loseFloor(centre, pages, cookies[0]!, path.join(folder, `${round}.json`)));
    }
  } finally {
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Took {
  /** Per page, from when the server was there. */
  readonly tookMs: readonly number[];
  readonly items: number;
}

async function loseApi(centre: Centre, count: number, cookies: readonly string[]): Promise<Took> {
  const pages = fork(PAGES, [centre.url, String(count), ...cookies]);
  try {
    await nextMessage(pages);
    await centre.kill();
    const incidentId = randomUUID();
    pages.send({ incidentId } satisfies Expect);
    centre.begin();
    const upAtMs = await listening(centre.port);
    await openIncident(centre, cookies[0]!, incidentId);
    return tookOf((await nextMessage(pages)) as Consistent, upAtMs);
  } finally {
    pages.kill();
  }
}

async function loseFloor(centre: Centre, count: number, cookie: string, file: string): Promise<Took> {
  const { incidentId } = await captureSnapshots(centre.url, cookie, file);
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  let floor = fork(FLOOR, [String(port), file]);
  let pages: ChildProcess | undefined;
  try {
    await nextMessage(floor);
    pages = fork(PAGES, [url, String(count)]);
    await nextMessage(pages);
    floor.kill('SIGKILL');
    await once(floor, 'exit');
    await sleep(systemClock, FLOOR_AWAY_MS);
    pages.send({ incidentId } satisfies Expect);
    floor = fork(FLOOR, [String(port), file]);
    const upAtMs = await listening(port);
    return tookOf((await nextMessage(pages)) as Consistent, upAtMs);
  } finally {
    pages?.kill();
    floor.kill();
  }
}

/** A figure counts only when all pages show the same. */
function tookOf({ atMs, pictures, items }: Consistent, upAtMs: number): Took {
  if (pictures !== 1) throw new Error(`the pages show ${pictures} different centres`);
  return { tookMs: atMs.map((at) => at - upAtMs), items };
}

function report(into: BenchRecorder, name: string, contender: string, { tookMs, items }: Took): void {
  const sorted = tookMs.toSorted((a, b) => a - b);
  console.log(
    `  ${contender}: ${sorted.length} pages of ${items} things, the last after ${Math.round(sorted.at(-1)!)} ms`,
  );
  into.add(name, contender, 'p99_ms', 'ms', sorted[Math.ceil(sorted.length * 0.99) - 1]!);
}

async function openIncident(centre: Centre, cookie: string, incidentId: string = randomUUID()): Promise<void> {
  const nowMs = systemClock.nowMs();
  const place = {
    point: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 },
    sectorId: null,
    address: 'Jr. Callao 120',
    reference: '',
  };
  const wish = {
    commandId: randomUUID(),
    sentAtMs: nowMs,
    incidentId,
    channel: 'TEL_LOCAL',
    typeCode: 'PAT-02',
    place,
  };
  await centre.post('/api/incidents', wish, cookie);
}

/** Everything that one page is told, into a file, and an incident that is in it. */
async function captureSnapshots(url: string, cookie: string, file: string): Promise<{ incidentId: string }> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie } });
  try {
    const snapshots: Record<string, unknown> = {};
    let incidentId = '';
    for (const topic of PAGE_TOPICS) {
      const told = (await socket.timeout(10_000).emitWithAck('topic:subscribe', { topic })) as SubscribeAnswer;
      if (!told.ok) throw new Error(`${topic} cannot be followed: ${told.code}`);
      snapshots[topic] = told.snapshot;
      if (topic === 'incidents') incidentId = told.snapshot.items[0]!.id;
    }
    await writeFile(file, JSON.stringify(snapshots));
    return { incidentId };
  } finally {
    socket.disconnect();
  }
}

/** Wall clock at which something listens there. */
async function listening(port: number): Promise<number> {
  const deadlineMs = systemClock.monotonicMs() + START_WITHIN_MS;
  while (systemClock.monotonicMs() < deadlineMs) {
    if (await takes(port)) return systemClock.nowMs();
    await sleep(systemClock, LOOK_EVERY_MS);
  }
  throw new Error(`nothing listens at port ${port}`);
}

function takes(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
