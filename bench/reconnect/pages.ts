import { createHash } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { systemClock } from '#libs/base';
import { reconnection, type ClientEvents, type ServerEvents, type SubscribeAnswer, type Topic } from '#libs/wire';
import { PAGE_TOPICS, type Consistent, type Expect } from './page-topics.ts';

/** Of an item what its change would change: the rest tells when it was read. */
interface Item {
  readonly id: string;
  readonly revision?: number | null;
}

/** A page that follows its topics by snapshot and number, and comes back by itself as the console does. */
class Page {
  consistentAtMs: number | undefined;
  readonly topics = new Map<Topic, { epoch: string; seq: number; items: Map<string, Item> }>();
  private awaited: string | undefined;
  private onDone: () => void = () => {};

  constructor(private readonly socket: Socket<ServerEvents, ClientEvents>) {
    socket.on('connect', () => this.askAll());
    socket.on('disconnect', () => this.topics.clear());
    socket.on('topic:changed', (change) => {
      const topic = this.topics.get(change.topic);
      if (!topic || change.epoch !== topic.epoch || change.seq <= topic.seq) return;
      if (change.seq !== topic.seq + 1) return this.ask(change.topic);
      topic.seq = change.seq;
      if (change.kind === 'removed') topic.items.delete(change.id);
      else topic.items.set(change.item.id, change.item);
      this.look();
    });
  }

  /** Resolves when everything is there, and the incident. */
  expect(incidentId: string): Promise<void> {
    this.awaited = incidentId;
    this.consistentAtMs = undefined;
    const done = new Promise<void>((resolve) => (this.onDone = resolve));
    this.look();
    return done;
  }

  /** Same for pages that show the same. */
  get picture(): string {
    const hash = createHash('sha256');
    for (const topic of PAGE_TOPICS) {
      const items = [...(this.topics.get(topic)?.items.values() ?? [])];
      hash.update(
        items
          .map(({ id, revision }) => `${id} ${revision}`)
          .toSorted()
          .join(),
      );
    }
    return hash.digest('hex');
  }

  private askAll(): void {
    for (const topic of PAGE_TOPICS) this.ask(topic);
  }

  private ask(topic: Topic): void {
    this.topics.delete(topic);
    this.socket.emit('topic:subscribe', { topic }, (answer: SubscribeAnswer) => {
      if (!answer.ok) throw new Error(`${topic} cannot be followed: ${answer.code}`);
      const { epoch, seq, items } = answer.snapshot;
      this.topics.set(topic, { epoch, seq, items: new Map(items.map((item) => [item.id, item])) });
      this.look();
    });
  }

  private look(): void {
    if (this.awaited === undefined || this.consistentAtMs !== undefined) return;
    if (this.topics.size < PAGE_TOPICS.length || !this.topics.get('incidents')?.items.has(this.awaited)) return;
    this.consistentAtMs = systemClock.nowMs();
    this.onDone();
  }
}

/** A process of pages: `<url> <count> <cookie>...`. Says `ready` when all have a line. */
async function main(): Promise<void> {
  const [url = '', count = '1', ...cookies] = process.argv.slice(2);
  const sockets = Array.from({ length: Number(count) }, (_, number) => {
    const cookie = cookies[number % Math.max(cookies.length, 1)];
    const extraHeaders: Record<string, string> = cookie === undefined ? {} : { cookie };
    return io(url, { transports: ['websocket'], forceNew: true, ...reconnection(Math.random), extraHeaders }) as Socket<
      ServerEvents,
      ClientEvents
    >;
  });
  const pages = sockets.map((socket) => new Page(socket));
  process.on('message', (message: Expect) => {
    void Promise.all(pages.map((page) => page.expect(message.incidentId))).then(() => {
      const atMs = pages.map((page) => page.consistentAtMs!);
      const items = [...pages[0]!.topics.values()].reduce((sum, topic) => sum + topic.items.size, 0);
      process.send?.({ atMs, pictures: new Set(pages.map((page) => page.picture)).size, items } satisfies Consistent);
    });
  });
  process.on('disconnect', () => process.exit(0));
  await Promise.all(
    sockets.map((socket) =>
      socket.connected ? undefined : new Promise<void>((resolve) => socket.once('connect', resolve)),
    ),
  );
  process.send?.('ready');
}

await main();
