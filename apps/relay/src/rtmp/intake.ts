import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ErrorCounter, reasonOf, sleep, type Clock, type Logger, type Refusal } from '#libs/base';
import { MAX_SESSIONS, MAX_UNPROVEN_PER_ADDRESS, MAX_UNPROVEN_SESSIONS } from './limits.ts';
import { Offences } from './offences.ts';
import type { Push } from './push.ts';
import { RtmpSession } from './session.ts';

/** Deadlines are kept in plain numbers and looked at so often. */
const TICK_MS = 250;
/** A port that another program holds is tried again: it may be an old process that is about to end. */
const RETRY_MS = 10_000;
const REPORT_MS = 5_000;

export interface RtmpIntakeOptions {
  readonly port: number;
  readonly clock: Clock;
  readonly log: Logger;
  pushOf(streamName: string): Push | undefined;
}

/** What has come since the process began. Only grows. */
export interface RtmpCounters {
  accepted: number;
  /** Refused at the door: too many connections, or an address that is shut out. */
  turnedAway: number;
  /** Ended by us with a reason. */
  refused: number;
  published: number;
}

/** Refusals that speak against the address they came from: no device of ours sends that. */
const OFFENCES_OF_ADDRESS: ReadonlySet<string> = new Set([
  'rtmp-not-spoken',
  'rtmp-malformed',
  'rtmp-message-too-large',
  'rtmp-too-many-streams',
  'rtmp-too-many-commands',
  'rtmp-opening-too-long',
]);
/**
 * Refusals that speak against one device at that address: behind it may be all body cameras of a town, and one with an old
 * key must not shut out the others.
 */
const OFFENCES_OF_DEVICE: ReadonlySet<string> = new Set([
  'publish-key-wrong',
  'publisher-unknown',
  'rtmp-play-refused',
]);

/** The RTMP port: who may come in, how many, and for how long without a key. Owner of every connection of it. */
export class RtmpIntake {
  readonly counters: RtmpCounters = { accepted: 0, turnedAway: 0, refused: 0, published: 0 };
  private readonly sessions = new Set<RtmpSession>();
  private readonly sockets = new Set<Socket>();
  private readonly offences: Offences;
  /** By code, of which there are a few: one device that knocks all day must not hide what happens to another. */
  private readonly refusals = new Map<string, ErrorCounter>();
  private listening = false;

  constructor(private readonly options: RtmpIntakeOptions) {
    this.offences = new Offences(options.clock);
  }

  /** Publishers can come. */
  get isListening(): boolean {
    return this.listening;
  }

  get sessionCount(): number {
    return this.sockets.size;
  }

  /** Resolves when `signal` aborted and every connection was ended. A port in use is said, and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const ticker = clock.every(TICK_MS, () => this.tick());
    const server = createServer((socket) => this.take(socket));
    try {
      if (await this.listen(server, signal)) await aborted(signal);
    } finally {
      this.listening = false;
      ticker.cancel();
      server.close();
      for (const socket of this.sockets) socket.destroy();
      for (const counter of this.refusals.values()) counter.flush();
    }
  }

  private async listen(server: Server, signal: AbortSignal): Promise<boolean> {
    const { port, log, clock } = this.options;
    for (let said = ''; !signal.aborted; await sleep(clock, RETRY_MS, signal)) {
      const reason = await listenOnce(server, port);
      if (reason === undefined) {
        // Later ones concern a single connection that could not be accepted.
        server.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'a publisher could not be accepted'));
        this.listening = true;
        log.info({ port }, 'publishers can come over RTMP');
        return true;
      }
      if (reason !== said) log.warn({ port, reason }, 'the RTMP port cannot be used; publishers cannot come');
      said = reason;
    }
    return false;
  }

  private take(socket: Socket): void {
    const address = addressOf(socket);
    if (!this.hasRoomFor(address)) {
      this.counters.turnedAway++;
      socket.destroy();
      return;
    }
    this.counters.accepted++;
    this.sockets.add(socket);
    const { clock, pushOf } = this.options;
    const session = new RtmpSession({
      socket,
      address,
      clock,
      pushOf: (streamName) => pushOf(streamName),
      isTooOften: (streamName) => this.offences.isShutOut(deviceOf(address, streamName)),
      onPublish: (begun) => this.began(begun),
      onDefect: (error) => this.brokeDown(error),
      onEnd: (ended, reason) => this.ended(ended, reason),
    });
    this.sessions.add(session);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.sessions.delete(session);
    });
  }

  private hasRoomFor(address: string): boolean {
    if (this.sockets.size >= MAX_SESSIONS || this.offences.isShutOut(address)) return false;
    let unproven = 0;
    let alike = 0;
    for (const session of this.sessions) {
      if (session.isProven) continue;
      unproven++;
      if (session.address === address) alike++;
    }
    return unproven < MAX_UNPROVEN_SESSIONS && alike < MAX_UNPROVEN_PER_ADDRESS;
  }

  private tick(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const session of this.sessions) session.tick(nowMs);
  }

  private brokeDown(error: unknown): void {
    const where = error instanceof Error ? error.stack : undefined;
    this.options.log.error({ reason: reasonOf(error), where }, 'defect while reading a publisher');
  }

  private began({ address, streamName }: RtmpSession): void {
    this.counters.published++;
    this.options.log.info({ address, streamName }, 'publisher began');
  }

  private ended({ address, streamName }: RtmpSession, reason: Refusal | undefined): void {
    if (!reason) {
      // Whoever only knocked is not worth a line.
      if (streamName !== undefined) this.options.log.info({ address, streamName }, 'publisher left');
      return;
    }
    this.counters.refused++;
    if (OFFENCES_OF_ADDRESS.has(reason.code)) this.offences.note(address);
    if (OFFENCES_OF_DEVICE.has(reason.code)) this.offences.note(deviceOf(address, streamName));
    this.counterOf(reason.code).add(`${address} ${streamName ?? '-'}: ${reason.message}`);
  }

  private counterOf(code: string): ErrorCounter {
    const { clock, log } = this.options;
    const report = (count: number, reason: string): void => log.warn({ code, count, reason }, 'publisher refused');
    const counter = this.refusals.get(code) ?? new ErrorCounter(clock, report, REPORT_MS);
    this.refusals.set(code, counter);
    return counter;
  }
}

/** Undefined: it listens. */
async function listenOnce(server: Server, port: number): Promise<string | undefined> {
  try {
    server.listen(port);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Without a name: all of its devices that name no stream of ours, together. */
function deviceOf(address: string, streamName = '?'): string {
  return `${address} ${streamName}`;
}

/** IPv4 over IPv6 sockets is written as IPv4 (RFC 4291 §2.5.5.2). */
function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
