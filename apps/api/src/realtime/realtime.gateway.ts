import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import { allows } from '#libs/access';
import { reasonOf, type Logger } from '#libs/base';
import {
  MAX_FOLLOW_BEHIND,
  TOPICS,
  TOPIC_PERMISSION,
  followLedger,
  type ClientEvents,
  type FollowLedgerAnswer,
  type ServerEvents,
  type SubscribeAnswer,
  type Topic,
} from '#libs/wire';
import { SessionService } from '../access/session.service.ts';
import { tokenOf } from '../access/session-token.ts';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { plainAddress } from '../http/address.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { LOGGER } from '../logging.ts';
import { Delivery, type MovedUnits } from './delivery.ts';
import { Follower } from './follower.ts';
import type { Line } from './line.ts';
import { LedgerFollow } from './ledger-follow.ts';
import { RateLimit } from './rate-limit.ts';
import { RealtimeService } from './realtime.service.ts';

type PageSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, { user?: SignedInUser }>;
type PageServer = Server<ClientEvents, ServerEvents, Record<string, never>, { user?: SignedInUser }>;

/** Every monitor of one person, several times over. */
const MAX_SOCKETS_PER_ACCOUNT = 32;
/** A page subscribes to five topics when it opens and when it finds a gap. */
const MAX_SUBSCRIBES = 20;
const SUBSCRIBE_WINDOW_MS = 10_000;

const topicRequest = z.object({ topic: z.enum(TOPICS) });

/** The socket of the pages: who may connect, what may be asked. What is told, and to whom, is {@link Delivery}'s. */
@Injectable()
@WebSocketGateway()
export class RealtimeGateway implements OnGatewayInit<PageServer>, OnGatewayConnection<PageSocket>, OnModuleDestroy {
  private readonly delivery: Delivery;
  private server: PageServer | undefined;
  private readonly stopListening: (() => void)[];
  private readonly dropListeners: (() => void)[] = [];

  constructor(
    private readonly realtime: RealtimeService,
    private readonly ledger: LedgerService,
    private readonly sessions: SessionService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.delivery = new Delivery(
      (ids) => sessions.standing(ids),
      clock,
      logger,
      (change, reader) => realtime.changeFor(change, reader),
    );
    this.stopListening = [
      realtime.listen((change) => this.delivery.push(change)),
      ledger.listen((events) => this.delivery.push({ topic: 'ledger', events })),
      sessions.onEnded((ids) => this.delivery.endSessions(ids)),
    ];
  }

  get openSockets(): number {
    return this.delivery.size;
  }

  /** Hears each page that is cut off because it read too slowly. */
  onDropped(listener: () => void): void {
    this.dropListeners.push(listener);
  }

  /** Tells who moved since the last time, to pages that follow units and keep up. Never rejects. */
  tellMoves(moved: MovedUnits): void {
    const { server } = this;
    if (!server) return;
    const { epoch } = this.realtime;
    void this.delivery.tellMoves(moved, (lines, seq, rows) =>
      // To many sockets at once: socket.io writes the message once, and not once for each.
      server
        .to(lines.map(({ id }) => id))
        .emit('positions:moved', { epoch, seq, serverNowMs: this.clock.nowMs(), rows }),
    );
  }

  afterInit(server: PageServer): void {
    this.server = server;
    server.use((socket, next) => {
      this.identify(socket).then(
        (code) => (code === undefined ? next() : next(Object.assign(new Error(code), { data: { code } }))),
        (thrown: unknown) => {
          // Not the page's fault (the database is away): a cut line is tried again, a refusal is not.
          this.logger.warn({ reason: reasonOf(thrown) }, 'a socket could not be identified');
          socket.conn.close(true);
        },
      );
    });
  }

  handleConnection(socket: PageSocket): void {
    const { user } = socket.data;
    if (!user) throw new Error('a socket came past the login');
    const line = lineOf(socket);
    const follower = new Follower(user, this.clock.monotonicMs(), line, () => this.tellDropped(user));
    const subscribes = new RateLimit(this.clock, MAX_SUBSCRIBES, SUBSCRIBE_WINDOW_MS);
    this.delivery.add(follower);
    socket.on('disconnect', () => this.delivery.remove(follower));
    socket.on('topic:subscribe', (request: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      const reply = answer as (result: SubscribeAnswer) => void;
      void this.subscribe(follower, subscribes, request, reply);
    });
    socket.on('topic:unsubscribe', (request: unknown) => {
      const parsed = topicRequest.safeParse(request);
      if (parsed.success) follower.unsubscribe(parsed.data.topic);
    });
    socket.on('ledger:follow', (request: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      const reply = answer as (result: FollowLedgerAnswer) => void;
      void this.followLedger(follower, line, subscribes, request, reply);
    });
    socket.on('ledger:unfollow', () => follower.followLedger(undefined));
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
    this.delivery.stop();
  }

  /** Answers why a socket is refused, or `undefined` when it is somebody's. */
  private async identify(socket: PageSocket): Promise<string | undefined> {
    const { headers, address } = socket.handshake;
    const token = tokenOf(headers.cookie);
    const user = token === undefined ? undefined : await this.sessions.find(token, plainAddress(address));
    if (!user) return 'not-signed-in';
    if (this.delivery.countOf(user.accountId) >= MAX_SOCKETS_PER_ACCOUNT) return 'too-many-sockets';
    socket.data.user = user;
    return undefined;
  }

  private async subscribe(
    follower: Follower,
    limit: RateLimit,
    request: unknown,
    answer: (result: SubscribeAnswer) => void,
  ): Promise<void> {
    const parsed = topicRequest.safeParse(request);
    if (!parsed.success) return answer(no('topic-unknown', `topics are ${TOPICS.join(', ')}`));
    const { topic } = parsed.data;
    if (!limit.take())
      return answer(no('too-many-subscribes', `at most ${MAX_SUBSCRIBES} in ${SUBSCRIBE_WINDOW_MS} ms`));
    try {
      const refusal = await this.refusalOf(follower, topic);
      if (refusal) return answer(refusal);
      if (topic === 'units') this.delivery.followMoves(follower);
      const read = async () => this.realtime.snapshotFor(await this.realtime.snapshot(topic), follower.user);
      await follower.subscribe(topic, read, answer);
    } catch (thrown) {
      this.logger.warn({ topic, reason: reasonOf(thrown) }, 'a snapshot could not be read');
      answer(no('unavailable', 'the snapshot cannot be read now, try again'));
    }
  }

  /** Any role may follow: what it sees is decided event by event. */
  private async followLedger(
    follower: Follower,
    line: Line,
    limit: RateLimit,
    request: unknown,
    answer: (result: FollowLedgerAnswer) => void,
  ): Promise<void> {
    const parsed = followLedger.safeParse(request);
    if (!parsed.success) return answer(no('input-invalid', 'after is a number or null, subjects at most 20 types'));
    if (!limit.take())
      return answer(no('too-many-subscribes', `at most ${MAX_SUBSCRIBES} in ${SUBSCRIBE_WINDOW_MS} ms`));
    const { seq } = this.ledger;
    const after = parsed.data.after ?? seq;
    if (after > seq) return answer(no('ledger-too-far', `the last event is ${seq}, asked was ${after}`));
    if (seq - after > MAX_FOLLOW_BEHIND)
      return answer(no('ledger-too-far', `at most ${MAX_FOLLOW_BEHIND} events are sent, there are ${seq - after}`));
    const follow = new LedgerFollow(after, parsed.data.subjects, () => follower.user, line, this.ledger, this.clock);
    follower.followLedger(follow);
    // One socket keeps the order of what is written to it: the answer first, then the events.
    answer({ ok: true, after, serverNowMs: this.clock.nowMs() });
    try {
      await follow.catchUp();
    } catch (thrown) {
      this.logger.warn({ reason: reasonOf(thrown) }, 'events of the ledger could not be read for a page');
      // It connects again and asks from where it is.
      follower.drop();
    }
  }

  /** The session is asked for again: the socket may be hours older than what its owner may do now. */
  private async refusalOf(follower: Follower, topic: Topic): Promise<SubscribeAnswer | undefined> {
    const user = await this.delivery.userOf(follower);
    if (!user) {
      follower.end('session-ended');
      return no('not-signed-in', 'sign in first');
    }
    if (!allows(user.role, TOPIC_PERMISSION[topic]))
      return no('permission-missing', `${topic} is not for ${user.role}`);
    return this.realtime.hasOwner(topic) ? undefined : no('topic-unknown', `${topic} is not served here`);
  }

  private tellDropped(user: SignedInUser): void {
    this.logger.warn({ accountId: user.accountId }, 'a page read too slowly and was cut off');
    for (const listener of this.dropListeners) listener();
  }
}

function no(code: string, message: string): { ok: false; code: string; message: string } {
  return { ok: false, code, message };
}

function lineOf(socket: PageSocket): Line {
  return {
    id: socket.id,
    send: (change) => socket.emit('topic:changed', change),
    append: (appended) => socket.emit('ledger:appended', appended),
    // What engine.io has not handed to the kernel yet (engine.io `Socket.writeBuffer`).
    backlog: () => (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length,
    drop: () => socket.conn.close(true),
    end: (code) => {
      socket.emit('session:ended', { code });
      socket.disconnect(true);
    },
  };
}
