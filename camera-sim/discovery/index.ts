import type { RemoteInfo } from 'node:dgram';
import { ErrorCounter, uuidV7, type Clock, type Logger } from '#libs/base';
import type { SimCamera, SimChange } from '../model.ts';
import { rulesOf, scopesOf } from '../onvif/index.ts';
import { answerXml, brokenXml, byeXml, helloXml, type Announced, type Sequence } from './announcements.ts';
import { GroupSocket } from './group-socket.ts';
import { matchesScopes, matchesTypes } from './matching.ts';
import { readDiscovery, type DiscoveryQuery } from './messages.ts';
import { Pacer } from './pacer.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * What the town says goes out at 600 messages a second: 300 cameras within WS-Discovery's APP_MAX_DELAY of 500 ms, a dozen
 * within 20 ms. What more than three searchers of 300 cameras ask for together is dropped and counted.
 */
const PACE = { capacity: 1_024, tickMs: 10, perTick: 6 } as const;
/** Queries a second that are looked at, and how many may come together. */
const QUERY_RATE = { perSecond: 50, burst: 50 } as const;
/** SOAP-over-UDP §4.1 lets a sender repeat a message; it is answered once. */
const REMEMBERED_QUERIES = 512;

export interface DiscoveryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RunningDiscovery {
  /** Addresses of the interfaces on which queries are heard. */
  readonly interfaces: readonly string[];
  /** Says Bye for every camera that is plugged in, then closes. */
  close(): Promise<void>;
}

/**
 * WS-Discovery for a whole town on one socket: answers Probe and Resolve with one message per camera, says Hello when a
 * camera starts, is plugged in or comes back elsewhere, and Bye when it is unplugged or the town closes.
 */
export async function startDiscovery(cameras: readonly SimCamera[], deps: DiscoveryDeps): Promise<RunningDiscovery> {
  const town = new TownDiscovery(cameras, deps);
  await town.start();
  return town;
}

interface Presence {
  readonly camera: SimCamera;
  metadataVersion: number;
  plugged: boolean;
  host: string;
}

class TownDiscovery implements RunningDiscovery {
  private readonly presences: readonly Presence[];
  private readonly unlisten: (() => void)[] = [];
  private readonly pacer: Pacer;
  private readonly answered = new Set<string>();
  private readonly bucket: TokenBucket;
  private readonly bad: ErrorCounter;
  private readonly instanceId: number;
  private messageNumber = 0;
  private socket: GroupSocket | undefined;

  constructor(
    cameras: readonly SimCamera[],
    private readonly deps: DiscoveryDeps,
  ) {
    const { clock, logger } = deps;
    this.presences = cameras.map((camera) => ({
      camera,
      metadataVersion: 1,
      plugged: !camera.faults.unplugged,
      host: camera.host,
    }));
    this.pacer = new Pacer(PACE, clock);
    this.bucket = new TokenBucket(QUERY_RATE, clock);
    this.bad = new ErrorCounter(clock, (count, last) =>
      logger.debug({ count, last }, 'discovery datagrams not answered'),
    );
    this.instanceId = Math.floor(clock.nowMs() / 1000);
  }

  get interfaces(): readonly string[] {
    return this.socket?.interfaces ?? [];
  }

  async start(): Promise<void> {
    this.socket = await GroupSocket.open(this.deps, (bytes, from) => this.hear(bytes, from));
    for (const presence of this.presences) {
      this.unlisten.push(presence.camera.listen((change) => this.notice(presence, change)));
      if (presence.plugged) this.sayHello(presence);
    }
  }

  async close(): Promise<void> {
    for (const unlisten of this.unlisten.splice(0)) unlisten();
    this.pacer.close();
    for (const presence of this.presences) if (presence.plugged) this.sayBye(presence);
    this.bad.flush();
    await this.socket?.close();
    this.socket = undefined;
  }

  private notice(presence: Presence, change: SimChange): void {
    const { camera } = presence;
    const plugged = !camera.faults.unplugged;
    if (change.kind === 'rebooted') {
      if (camera.host !== presence.host) presence.metadataVersion++;
      presence.host = camera.host;
      if (plugged) this.sayHello(presence);
    } else if (change.kind === 'faults' && plugged !== presence.plugged) {
      // A pulled cable says nothing. The Bye stands for the switch port that a watcher would see go down.
      if (plugged) this.sayHello(presence);
      else this.sayBye(presence);
    }
    presence.plugged = plugged;
  }

  private hear(bytes: Buffer, from: RemoteInfo): void {
    // A town hears its own Hellos, by the hundred: they must not use up what is meant for queries.
    if (!bytes.includes('Probe') && !bytes.includes('Resolve')) return;
    if (!this.bucket.take()) return this.bad.add('too many queries');
    const query = readDiscovery(bytes);
    if (!query.ok) return this.bad.add(query.refusal.message);
    if (!this.isNew(query.value, from)) return;
    for (const presence of this.presences) {
      if (presence.plugged && matches(presence.camera, query.value)) this.answer(presence, query.value, from);
    }
  }

  private isNew(query: DiscoveryQuery, from: RemoteInfo): boolean {
    const key = `${from.address}:${from.port} ${query.messageId}`;
    if (this.answered.has(key)) return false;
    this.answered.add(key);
    if (this.answered.size > REMEMBERED_QUERIES) this.answered.delete(this.answered.values().next().value ?? '');
    return true;
  }

  private answer(presence: Presence, query: DiscoveryQuery, from: RemoteInfo): void {
    this.later(() => {
      if (!presence.plugged) return;
      const text = answerXml(query, announcedOf(presence), this.newMessageId(), this.nextSequence());
      if (rulesOf(presence.camera.spec.vendor).discovery.brokenReplyFirst) this.socket?.reply(brokenXml(text), from);
      this.socket?.reply(text, from);
    });
  }

  private sayHello(presence: Presence): void {
    this.later(() => {
      if (!presence.plugged) return;
      void this.socket?.multicast(helloXml(announcedOf(presence), this.newMessageId(), this.nextSequence()));
    });
  }

  private sayBye(presence: Presence): void {
    void this.socket?.multicast(byeXml(announcedOf(presence), this.newMessageId(), this.nextSequence()));
  }

  private later(task: () => void): void {
    if (!this.pacer.add(task)) this.bad.add('too many answers are waiting');
  }

  private newMessageId(): string {
    return `urn:uuid:${uuidV7(this.deps.clock.nowMs())}`;
  }

  private nextSequence(): Sequence {
    return { instanceId: this.instanceId, messageNumber: ++this.messageNumber };
  }
}

function announcedOf({ camera, metadataVersion }: Presence): Announced {
  return { camera, metadataVersion };
}

function matches(camera: SimCamera, query: DiscoveryQuery): boolean {
  if (query.kind === 'resolve') return query.endpoint === camera.spec.endpointReference;
  const { fixed, configurable } = scopesOf(camera);
  return matchesTypes(query.types) && matchesScopes(query.scopes, [...fixed, ...configurable], query.matchBy);
}
