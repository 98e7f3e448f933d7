import { io, type Socket } from 'socket.io-client';
import { BoundedQueue, type Clock } from '#libs/base';
import {
  reconnection,
  type ClientEvents,
  type FollowLedgerAnswer,
  type LedgerAppended,
  type LedgerEventView,
  type ServerEvents,
} from '#libs/wire';

/** Messages that may wait for whoever takes the events; beyond it the line is let go until they are taken. */
const MAX_HELD = 256;
const ANSWER_WITHIN_MS = 10_000;
const ASK_AGAIN_MS = 1_000;
/** What asking again does not change. */
const FINAL: ReadonlySet<string> = new Set(['ledger-too-far', 'input-invalid', 'not-signed-in', 'session-ended']);

/** Takes the events up to `seq`, in order. The next ones come when it is done. */
export type EventTaker = (events: readonly LedgerEventView[], seq: number) => Promise<void> | void;

/** The centre does not go on with this reader: `not-signed-in`, `session-ended`, `ledger-too-far`. */
export class FollowEndedError extends Error {
  override readonly name = 'FollowEndedError';

  constructor(readonly code: string) {
    super(`the ledger cannot be followed: ${code}`);
  }
}

/**
 * Follows the ledger of a centre from outside: every event that its reader may see once, in order, however often the line
 * or the centre is lost. It keeps the cursor; whoever stores it beside what it did with the events goes on from there.
 */
export class LedgerFollower {
  /** Number of the last event that was received, or known to be hidden from this reader. */
  private received: number;
  private taken: number;
  /** Between a question and its answer nothing is taken: it may be of the question before. */
  private following = false;
  private taking = false;
  private readonly held = new BoundedQueue<LedgerAppended>(MAX_HELD);
  private socket: Socket<ServerEvents, ClientEvents> | undefined;
  private end: (reason: unknown) => void = () => {};

  constructor(
    private readonly url: string,
    after: number,
    private readonly take: EventTaker,
    private readonly clock: Clock,
  ) {
    this.received = after;
    this.taken = after;
  }

  /** All up to this number was taken. */
  get cursor(): number {
    return this.taken;
  }

  /** Follows until `signal` is aborted. @throws {FollowEndedError}, and what the taker throws */
  async run(cookie: string, signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.end = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const socket: Socket<ServerEvents, ClientEvents> = io(this.url, {
      transports: ['websocket'],
      forceNew: true,
      ...reconnection(Math.random),
      extraHeaders: { cookie },
    });
    this.socket = socket;
    socket.on('connect', () => this.ask(socket));
    socket.on('disconnect', () => (this.following = false));
    socket.on('ledger:appended', (appended) => this.hear(socket, appended));
    socket.on('session:ended', ({ code }) => this.end(new FollowEndedError(code)));
    socket.on('connect_error', ({ message }) => {
      if (FINAL.has(message)) this.end(new FollowEndedError(message));
      else if (!socket.active) this.clock.after(ASK_AGAIN_MS, () => void socket.connect());
    });
    try {
      if (!signal.aborted) await ended;
    } finally {
      socket.removeAllListeners();
      socket.disconnect();
      this.socket = undefined;
      this.following = false;
    }
  }

  private ask(socket: Socket<ServerEvents, ClientEvents>): void {
    this.following = false;
    if (!socket.connected || socket !== this.socket) return;
    const answered = (error: Error | null, answer: FollowLedgerAnswer): void => {
      if (!error && answer.ok) this.following = true;
      else if (!error && !answer.ok && FINAL.has(answer.code)) this.end(new FollowEndedError(answer.code));
      else this.clock.after(ASK_AGAIN_MS, () => this.ask(socket));
    };
    socket.timeout(ANSWER_WITHIN_MS).emit('ledger:follow', { after: this.received }, answered);
  }

  private hear(socket: Socket<ServerEvents, ClientEvents>, appended: LedgerAppended): void {
    if (!this.following) return;
    if (appended.after !== this.received) return this.ask(socket);
    if (!this.held.push(appended)) {
      // It is sent again from our cursor once there is room.
      this.following = false;
      socket.disconnect();
      return;
    }
    this.received = appended.seq;
    if (!this.taking) void this.takeAll(socket);
  }

  private async takeAll(socket: Socket<ServerEvents, ClientEvents>): Promise<void> {
    this.taking = true;
    try {
      for (let next = this.held.shift(); next; next = this.held.shift()) {
        await this.take(next.events, next.seq);
        this.taken = next.seq;
      }
      if (!socket.active && socket === this.socket) socket.connect();
    } catch (thrown) {
      this.end(thrown);
    } finally {
      this.taking = false;
    }
  }
}
