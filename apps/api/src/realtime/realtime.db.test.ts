import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents, SubscribeAnswer, Topic, TopicChange, ZoneView } from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { AccountEntity } from '../access/account.entity.ts';
import { SessionService } from '../access/session.service.ts';
import { RealtimeGateway } from './realtime.gateway.ts';
import { RealtimeService } from './realtime.service.ts';

type PageSocket = Socket<ServerEvents, ClientEvents>;

/** Zones as rows of a table of the test's own, so that snapshots are real reads and changes are real commits. */
const TABLE = 'CREATE TABLE test_item (id text PRIMARY KEY, name text NOT NULL)';

let test: TestApplication;
let realtime: RealtimeService;
let operator: AccountEntity;
const sockets: PageSocket[] = [];

beforeAll(async () => {
  test = await startTestApplication();
  await test.dataSource.query(TABLE);
  realtime = test.app.get(RealtimeService);
  // The zones slice owns the topic in this process; here the test does.
  (realtime as unknown as { topics: Map<Topic, unknown> }).topics.delete('zones');
  realtime.register('zones', readAll);
  operator = await test.addAccount('operador', 'operator');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => test.close());

const viewOf = (row: { id: string; name: string }): ZoneView => ({
  ...row,
  riskLevel: 'low',
  ring: [],
  notes: '',
  demonstration: false,
});
async function readAll(): Promise<ZoneView[]> {
  const rows = (await test.dataSource.query('SELECT id, name FROM test_item')) as { id: string; name: string }[];
  return rows.map(viewOf);
}
async function readOne(id: string): Promise<ZoneView | undefined> {
  return (await readAll()).find((zone) => zone.id === id);
}
/** Commits a change and publishes it, as a slice does. */
async function write(id: string, name: string): Promise<void> {
  await test.dataSource.query(
    'INSERT INTO test_item VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
    [id, name],
  );
  await realtime.refresh('zones', id, () => readOne(id));
}

function connect(headers: Record<string, string>, url = test.url): PageSocket {
  const socket: PageSocket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    extraHeaders: headers,
  });
  sockets.push(socket);
  return socket;
}
async function connected(headers: Record<string, string>): Promise<PageSocket> {
  const socket = connect(headers);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
const asOperator = async (): Promise<PageSocket> => connected({ cookie: await test.cookieOf(operator) });
const subscribe = (socket: PageSocket, topic: Topic): Promise<SubscribeAnswer> =>
  socket.timeout(5_000).emitWithAck('topic:subscribe', { topic });
const refusalOf = (socket: PageSocket): Promise<string> =>
  new Promise((resolve) => socket.once('connect_error', (error) => resolve(error.message)));

/** A page: keeps the items as it was told, and demands that no number is missing. */
class Mirror {
  readonly items = new Map<string, string>();
  seq = -1;
  gaps = 0;

  constructor(socket: PageSocket) {
    socket.on('topic:changed', (change) => this.take(change));
  }

  snapshot(answer: SubscribeAnswer): void {
    if (!answer.ok) throw new Error(answer.code);
    this.items.clear();
    for (const item of answer.snapshot.items) this.items.set(item.id, (item as ZoneView).name);
    this.seq = answer.snapshot.seq;
  }

  take(change: TopicChange): void {
    if (change.topic !== 'zones') return;
    if (change.seq !== this.seq + 1) this.gaps++;
    this.seq = change.seq;
    if (change.kind === 'removed') this.items.delete(change.id);
    else this.items.set(change.item.id, change.item.name);
  }
}

/** Subscribes and takes the snapshot in the very turn in which it arrives, before any change can. */
function follow(socket: PageSocket): Promise<Mirror> {
  const mirror = new Mirror(socket);
  return new Promise((resolve, reject) => {
    socket.emit('topic:subscribe', { topic: 'zones' }, (answer) => {
      try {
        mirror.snapshot(answer);
        resolve(mirror);
      } catch (thrown) {
        reject(thrown as Error);
      }
    });
  });
}

describe('connecting', () => {
  it('is for those who are signed in', async () => {
    expect(await refusalOf(connect({}))).toBe('not-signed-in');
    expect(await refusalOf(connect({ cookie: `atalaya_session=${'a'.repeat(43)}` }))).toBe('not-signed-in');
    expect((await asOperator()).connected).toBe(true);
  });

  it('is refused to the page of another site, by WebSocket and by polling', async () => {
    const cookie = await test.cookieOf(operator);
    const refused = await refusalOf(connect({ cookie, origin: 'http://evil.example' }));
    expect(refused).toBe('websocket error');
    const polling = await fetch(`${test.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { cookie, origin: 'http://evil.example' },
    });
    expect(polling.status).toBe(403);
  });

  it('is bounded per account', async () => {
    const cookie = await test.cookieOf(await test.addAccount('muchas', 'operator'));
    const pages = await Promise.all(Array.from({ length: 32 }, () => connected({ cookie })));
    expect(await refusalOf(connect({ cookie }))).toBe('too-many-sockets');
    pages[0]!.disconnect();
    const { openSockets } = test.app.get(RealtimeGateway);
    await eventually(() => test.app.get(RealtimeGateway).openSockets < openSockets);
    expect((await connected({ cookie })).connected).toBe(true);
  });
});

describe('subscribing', () => {
  it('is refused for what the role may not see and for what is no topic', async () => {
    const socket = await asOperator();
    expect(await subscribe(socket, 'candidates')).toMatchObject({ ok: false, code: 'permission-missing' });
    expect(await subscribe(socket, 'nonsense' as Topic)).toMatchObject({ ok: false, code: 'topic-unknown' });
  });

  it('is bounded in rate', async () => {
    const socket = await asOperator();
    const answers = await Promise.all(Array.from({ length: 25 }, () => subscribe(socket, 'zones')));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.code));
    expect(codes.filter((code) => code === 'too-many-subscribes')).toHaveLength(5);
  });

  it('survives messages that no page sends', async () => {
    const socket = await asOperator();
    const raw = socket as unknown as { emit(name: string, ...rest: unknown[]): void };
    raw.emit('topic:subscribe');
    raw.emit('topic:subscribe', null, 'no function');
    raw.emit('topic:subscribe', { topic: { $ne: 1 } }, () => {});
    raw.emit('topic:unsubscribe', 7);
    raw.emit('toString', {});
    expect(await subscribe(socket, 'zones')).toMatchObject({ ok: true });
  });

  it('is cut for a message that is too large', async () => {
    const socket = await asOperator();
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('topic:subscribe', { topic: 'x'.repeat(20_000) as Topic }, () => {});
    expect(await closed).toMatch(/transport/);
  });
});

describe('following', () => {
  it('shows every page what is stored at last, though pages join while others write', async () => {
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let count = 0; count < 40; count++) await write(`item-${(writer + count) % 5}`, `${writer}-${count}`);
    });
    const joiners = Array.from({ length: 12 }, async (_, joiner) => {
      await eventually(() => realtime.seqOf('zones') > joiner * 8);
      return follow(await asOperator());
    });
    const mirrors = await Promise.all(joiners);
    await Promise.all(writers);
    const stored = Object.fromEntries((await readAll()).map(({ id, name }) => [id, name]));
    await eventually(() => mirrors.every((mirror) => mirror.seq === realtime.seqOf('zones')));
    for (const mirror of mirrors) {
      expect(Object.fromEntries(mirror.items)).toEqual(stored);
      expect(mirror.gaps).toBe(0);
    }
  });

  it('ends with the session: signed out here, the page is told why and closed at once', async () => {
    const cookie = await test.cookieOf(operator);
    const socket = await connected({ cookie });
    await follow(socket);
    const told = new Promise((resolve) => socket.once('session:ended', resolve));
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    await test.call('DELETE', '/api/session', { cookie });
    expect(await told).toEqual({ code: 'session-ended' });
    expect(await closed).toBe('io server disconnect');
  });

  it('ends with the session: ended by another process, nothing that is published later arrives', async () => {
    const socket = await asOperator();
    const mirror = await follow(socket);
    const told = new Promise((resolve) => socket.once('session:ended', resolve));
    const seqBefore = mirror.seq;
    await test.dataSource.query('UPDATE login_session SET ended_at = now() WHERE account_id = $1', [operator.id]);
    test.clock.forward(1_000);
    await write('item-0', 'secreto');
    expect(await told).toEqual({ code: 'session-ended' });
    expect(mirror.seq).toBe(seqBefore);
  });

  it('ends when an administrator changes the role', async () => {
    const account = await test.addAccount('degradado', 'supervisor');
    const administrator = await test.addAccount('jefa', 'administrator');
    const socket = await connected({ cookie: await test.cookieOf(account) });
    const told = new Promise((resolve) => socket.once('session:ended', resolve));
    const cookie = await test.cookieOf(administrator);
    await test.call('PATCH', `/api/accounts/${account.id}`, { cookie, body: { role: 'auditor' } });
    expect(await told).toEqual({ code: 'session-ended' });
  });

  it('does not stop for the others when one page stops reading', async () => {
    const [stuck, well] = [await asOperator(), await asOperator()];
    const mirror = await follow(well);
    await follow(stuck);
    const closed = new Promise((resolve) => stuck.once('disconnect', resolve));
    const raw = (stuck.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws;
    raw._socket.pause();
    const large = viewOf({ id: 'item-0', name: 'x'.repeat(64 * 1024) });
    const { openSockets } = test.app.get(RealtimeGateway);
    for (let count = 0; count < 3_000 && test.app.get(RealtimeGateway).openSockets === openSockets; count++) {
      realtime.changed('zones', large);
      if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(test.app.get(RealtimeGateway).openSockets).toBe(openSockets - 1);
    raw._socket.resume();
    expect(await closed).toMatch(/transport/);
    await eventually(() => mirror.seq === realtime.seqOf('zones'));
    expect(mirror.gaps).toBe(0);
    const metrics = await (await test.call('GET', '/metrics')).text();
    expect(metrics).toContain('atalaya_realtime_dropped_total 1');
  });

  it('goes on when the database closes every connection, and the page never notices', async () => {
    const mirror = await follow(await asOperator());
    test.clock.forward(1_000);
    await test.dataSource
      .query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()`)
      .catch(() => undefined);
    await eventually(() =>
      write('item-1', 'después').then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => mirror.items.get('item-1') === 'después');
    expect(mirror.gaps).toBe(0);
  });
});

describe('a page that was signed out', () => {
  it('cannot come back with the old cookie', async () => {
    const cookie = await test.cookieOf(operator);
    const socket = await connected({ cookie });
    await test.app.get(SessionService).end((await lastSessionOf(operator)) ?? '');
    await eventually(() => !socket.connected);
    expect(await refusalOf(connect({ cookie }))).toBe('not-signed-in');
  });
});

async function lastSessionOf(account: AccountEntity): Promise<string | undefined> {
  const rows = (await test.dataSource.query(
    'SELECT id FROM login_session WHERE account_id = $1 ORDER BY id DESC LIMIT 1',
    [account.id],
  )) as { id: string }[];
  return rows[0]?.id;
}
