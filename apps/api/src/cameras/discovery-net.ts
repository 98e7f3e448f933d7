import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { reasonOf, sleep, type Logger } from '#libs/base';
import {
  DISCOVERY_GROUP,
  DISCOVERY_PORT,
  probeMessage,
  readDiscovery,
  type Announcement,
  type DiscoveryMessage,
} from '#libs/onvif';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';

/** What came out of one datagram, and from whom. The sender is the only address in it that is believed. */
export interface Heard {
  readonly sender: string;
  readonly message: DiscoveryMessage;
}

/** A reply that could not be used. */
export interface HeardProblem {
  readonly address: string;
  readonly code: string;
  readonly message: string;
}

export interface Ears {
  hear(heard: Heard): void;
  problem(problem: HeardProblem): void;
}

/** How long answers are waited for: devices delay theirs by up to 500 ms at random (WS-Discovery 1.0 §3.1.3), slow ones more. */
const PROBE_WINDOW_MS = 3_000;
/** UDP loses datagrams: each probe is said again (SOAP-over-UDP 1.1 §3.4). */
const PROBE_REPEATS_MS = [0, 250, 600] as const;
/** An interface that comes up later, a cable or a VPN, is heard after this. */
const REJOIN_MS = 30_000;
/** A flood stops being read here: 300 cameras answer three probes in two forms with 1,800 datagrams. */
const MAX_DATAGRAMS = 4_000;

/** The local network as discovery sees it: multicast out of every interface, one host asked, announcements heard. */
@Injectable()
export class DiscoveryNet {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) private readonly config: Pick<ApiConfig, 'demonstration'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** IPv4 addresses of this machine's interfaces; loopback counts in a demonstration, where the cameras live on it. */
  interfaces(): string[] {
    return Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => address.family === 'IPv4' && (!address.internal || this.config.demonstration))
      .map((address) => address.address);
  }

  /**
   * Asks every interface's segment and hears answers until the window closes or `signal` aborts. Each address asks for
   * itself, also of one interface: a camera without a gateway answers only a neighbour of its own network. Never rejects.
   */
  async probe(ears: Ears, signal: AbortSignal): Promise<void> {
    const opened = await Promise.all(this.interfaces().map((address) => this.openToGroup(address, ears)));
    const sockets = opened.filter((socket) => socket !== undefined);
    // One timeline for all of them: however many interfaces there are, one listener waits on the signal.
    let passedMs = 0;
    for (const atMs of PROBE_REPEATS_MS) {
      if (!(await sleep(this.clock, atMs - passedMs, signal))) break;
      passedMs = atMs;
      for (const socket of sockets) {
        this.send(socket, probeMessage(randomUUID()), DISCOVERY_GROUP);
        this.send(socket, probeMessage(randomUUID(), { anyType: true }), DISCOVERY_GROUP);
      }
    }
    await sleep(this.clock, PROBE_WINDOW_MS - passedMs, signal);
    for (const socket of sockets) socket.close();
  }

  /** Asks one host for its discovery record by unicast (ONVIF Core 7.3.5); `undefined` when it does not answer in time. */
  async askHost(host: string, windowMs = 900): Promise<Announcement | undefined> {
    const done = new AbortController();
    let found: Announcement | undefined;
    const ears: Ears = {
      hear: ({ sender, message }) => {
        if (sender !== host || message.kind !== 'matches') return;
        found ??= message.devices[0];
        done.abort();
      },
      problem: () => {},
    };
    const socket = await this.open(undefined, ears);
    if (!socket) return undefined;
    this.send(socket, probeMessage(randomUUID(), { anyType: true }), host);
    await sleep(this.clock, windowMs, done.signal);
    socket.close();
    return found;
  }

  /** Hears Hello and Bye until the answered function is called. An interface that cannot be joined is left out, and logged. */
  async listen(hear: (heard: Heard) => void): Promise<() => void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.attach(socket, { hear, problem: () => {} }, MAX_DATAGRAMS);
    // Bound to the group's own address, the socket takes no unicast datagram from another program on this port.
    const bound = await bind(socket, DISCOVERY_PORT, DISCOVERY_GROUP);
    if (bound !== undefined) {
      this.logger.warn({ reason: bound }, 'announcements of cameras cannot be heard');
      return () => {};
    }
    const joined = new Map<string, 'in' | 'failed'>();
    const joinAll = (): void => {
      const present = new Set(this.interfaces());
      // An address that went away, a cable or a VPN, has to join anew when it comes back.
      for (const address of joined.keys()) if (!present.has(address)) joined.delete(address);
      for (const address of present) this.join(socket, address, joined);
    };
    joinAll();
    const rejoin = this.clock.every(REJOIN_MS, joinAll);
    return () => {
      rejoin.cancel();
      socket.close();
    };
  }

  /**
   * Membership belongs to the interface, so a second address of one is already in (EADDRINUSE, Linux `ip_mc_join_group`).
   * What fails is tried again with the next round, and said once.
   */
  private join(socket: Socket, address: string, joined: Map<string, 'in' | 'failed'>): void {
    const before = joined.get(address);
    if (before === 'in') return;
    try {
      socket.addMembership(DISCOVERY_GROUP, address);
      joined.set(address, 'in');
    } catch (thrown) {
      const isIn = codeOf(thrown) === 'EADDRINUSE';
      joined.set(address, isIn ? 'in' : 'failed');
      if (!isIn && before !== 'failed')
        this.logger.warn({ address, reason: reasonOf(thrown) }, 'announcements cannot be heard on an interface');
    }
  }

  /** A socket that speaks to the discovery group from one address; `undefined`, and a problem, when there is none. */
  private async openToGroup(address: string, ears: Ears): Promise<Socket | undefined> {
    const socket = await this.open(address, ears);
    try {
      socket?.setMulticastInterface(address);
      socket?.setMulticastTTL(1);
      return socket;
    } catch (thrown) {
      socket?.close();
      ears.problem({ address, code: 'interface-unusable', message: reasonOf(thrown, 120) });
      return undefined;
    }
  }

  private async open(address: string | undefined, ears: Ears): Promise<Socket | undefined> {
    const socket = createSocket('udp4');
    this.attach(socket, ears, MAX_DATAGRAMS);
    const failed = await bind(socket, 0, address);
    if (failed === undefined) return socket;
    ears.problem({ address: address ?? 'any', code: 'interface-unusable', message: failed });
    return undefined;
  }

  private send(socket: Socket, message: Buffer, to: string): void {
    socket.send(message, DISCOVERY_PORT, to, (error) => {
      if (error) this.logger.debug({ to, reason: reasonOf(error) }, 'a probe could not be sent');
    });
  }

  private attach(socket: Socket, ears: Ears, limit: number): void {
    const budget = new DatagramBudget(this.clock, limit);
    // In a demonstration the pretend cameras speak with this machine's own addresses: they are all the loopback host.
    const own = new Set(this.config.demonstration ? this.interfaces() : []);
    socket.on('error', (thrown) => this.logger.debug({ reason: reasonOf(thrown) }, 'discovery socket error'));
    socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
      if (!budget.take()) return;
      const read = readDiscovery(datagram);
      if (read.ok) ears.hear({ sender: own.has(from.address) ? '127.0.0.1' : from.address, message: read.value });
      else ears.problem({ address: from.address, code: read.refusal.code, message: read.refusal.message });
    });
  }
}

/** At most so many datagrams are read per ten seconds. */
class DatagramBudget {
  private left: number;
  private fromMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly limit: number,
  ) {
    this.left = limit;
    this.fromMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.fromMs > 10_000) {
      this.fromMs = nowMs;
      this.left = this.limit;
    }
    return this.left-- > 0;
  }
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}

/** Resolves `undefined` when bound, else why not. */
function bind(socket: Socket, port: number, address: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const onError = (thrown: Error): void => resolve(reasonOf(thrown, 120));
    socket.once('error', onError);
    socket.bind({ port, ...(address === undefined ? {} : { address }) }, () => {
      socket.off('error', onError);
      resolve(undefined);
    });
  });
}

/** Whether a TCP port accepts a connection within `timeoutMs`. */
export function isOpen(host: string, port: number, timeoutMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const deadline = clock.after(timeoutMs, () => finish(false));
    const finish = (open: boolean): void => {
      deadline.cancel();
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.on('error', () => finish(false));
  });
}
