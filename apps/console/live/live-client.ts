import { io, type Socket } from 'socket.io-client';
import type { Clock, Timer } from '#libs/base';
import {
  reconnection,
  type ClientEvents,
  type ServerEvents,
  type SubscribeAnswer,
  type Topic,
  type TopicChange,
} from '#libs/wire';
import { PositionStore } from './position-store.ts';
import { ServerClock } from './server-clock.ts';
import { TopicStore } from './topic-store.ts';

/** The state of the line to the api, and since when (wall clock of this machine). */
export type Connection =
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  | { readonly kind: 'online'; readonly sinceMs: number }
  | { readonly kind: 'offline'; readonly sinceMs: number };

/** A subscription that was not answered in this time is asked again: the server may have been killed between. */
const ANSWER_TIMEOUT_MS = 5_000;
const RETRY_MS = 1_000;
const KNOCK_MS = 3_000;
/** Refusals that asking again does not change. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set(['permission-missing', 'topic-unknown']);

type LiveSocket = Socket<ServerEvents, ClientEvents>;
type Stores = { [T in Topic]: TopicStore<T> };

/**
 * The realtime line: one socket, one store per topic. Reconnects by itself for as long as it is started; after each
 * reconnection, gap or new epoch it asks for fresh snapshots.
 */
export class LiveClient {
  readonly serverClock: ServerClock;
  /** Where units are; moved by its own event while `units` is followed. */
  readonly positions = new PositionStore();
  private readonly stores: Stores = {
    cameras: new TopicStore('cameras'),
    zones: new TopicStore('zones'),
    sectors: new TopicStore('sectors'),
    places: new TopicStore('places'),
    candidates: new TopicStore('candidates'),
    discoveryRuns: new TopicStore('discoveryRuns'),
    ptz: new TopicStore('ptz'),
    incidents: new TopicStore('incidents'),
    units: new TopicStore('units'),
    shifts: new TopicStore('shifts'),
    incidentTypes: new TopicStore('incidentTypes'),
    dispatchAlarms: new TopicStore('dispatchAlarms'),
    alarms: new TopicStore('alarms'),
  };
  private readonly wanted = new Map<Topic, number>();
  private readonly listeners = new Set<() => void>();
  private readonly retries = new Map<Topic, Timer>();
  private connection: Connection;
  private heardAtMs: number | undefined;
  private socket: LiveSocket | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onSessionEnded: (code: string) => void,
  ) {
    this.serverClock = new ServerClock(clock);
    this.connection = { kind: 'connecting', sinceMs: clock.nowMs() };
  }

  store<T extends Topic>(topic: T): TopicStore<T> {
    return this.stores[topic] as unknown as TopicStore<T>;
  }

  readonly getConnection = (): Connection => this.connection;

  readonly subscribeConnection = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Milliseconds since anything came over the line, heartbeats included; `null` before the first word. */
  silentMs(): number | null {
    return this.heardAtMs === undefined ? null : this.clock.monotonicMs() - this.heardAtMs;
  }

  start(): void {
    if (this.socket) return;
    const socket: LiveSocket = io({ transports: ['websocket', 'polling'], ...reconnection(Math.random) });
    this.socket = socket;
    socket.on('connect', () => this.onConnect(socket));
    socket.on('disconnect', (reason) => this.onDisconnect(socket, reason));
    socket.on('connect_error', (error) => this.onConnectError(socket, error));
    socket.on('topic:changed', (change) => this.onChange(change));
    socket.on('positions:moved', (batch) => this.positions.take(batch));
    socket.on('session:ended', (reason) => this.onSessionEnded(reason.code));
  }

  stop(): void {
    for (const timer of this.retries.values()) timer.cancel();
    this.retries.clear();
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  /** Follow a topic until the returned function is called. Several followers share one subscription. */
  follow(topic: Topic): () => void {
    const count = this.wanted.get(topic) ?? 0;
    this.wanted.set(topic, count + 1);
    if (count === 0) this.ask(topic);
    return () => this.unfollow(topic);
  }

  private unfollow(topic: Topic): void {
    const left = (this.wanted.get(topic) ?? 1) - 1;
    if (left > 0) {
      this.wanted.set(topic, left);
      return;
    }
    this.wanted.delete(topic);
    if (this.socket?.connected) this.socket.emit('topic:unsubscribe', { topic });
  }

  private onConnect(socket: LiveSocket): void {
    this.setConnection('online');
    this.heard();
    socket.io.engine.on('packet', () => this.heard());
    for (const topic of this.wanted.keys()) this.ask(topic);
  }

  private onDisconnect(socket: LiveSocket, reason: string): void {
    this.setConnection('offline');
    if (reason === 'io server disconnect') this.knockAgain(socket);
  }

  private onConnectError(socket: LiveSocket, error: Error): void {
    this.setConnection('offline');
    if (error.message === 'not-signed-in' || error.message === 'session-ended') this.onSessionEnded(error.message);
    else if (!socket.active) this.knockAgain(socket);
  }

  /** The server closed the door on purpose: socket.io does not knock again by itself. */
  private knockAgain(socket: LiveSocket): void {
    this.clock.after(KNOCK_MS, () => {
      if (this.socket === socket && !socket.active) socket.connect();
    });
  }

  private ask(topic: Topic): void {
    const socket = this.socket;
    if (!socket?.connected) return;
    this.stores[topic].expectSnapshot();
    const askedAtMs = this.clock.monotonicMs();
    socket
      .timeout(ANSWER_TIMEOUT_MS)
      .emit('topic:subscribe', { topic }, (error: Error | null, answer: SubscribeAnswer) => {
        if (this.socket !== socket || !this.wanted.has(topic)) return;
        if (error) return this.askSoon(topic);
        this.onAnswer(topic, answer, this.clock.monotonicMs() - askedAtMs);
      });
  }

  private onAnswer(topic: Topic, answer: SubscribeAnswer, roundTripMs: number): void {
    if (!answer.ok) return this.onRefusal(topic, answer.code);
    this.serverClock.measure(answer.snapshot.serverNowMs, roundTripMs);
    const verdict = this.store(topic).takeSnapshot(answer.snapshot as never);
    if (verdict === 'gap' || verdict === 'other-epoch') this.askSoon(topic);
  }

  private onRefusal(topic: Topic, code: string): void {
    // A later request of ours took the place of this one: its answer is on the way.
    if (code === 'superseded') return;
    if (code === 'not-signed-in') this.onSessionEnded(code);
    else if (FINAL_REFUSALS.has(code)) this.stores[topic].refuse(code);
    else this.askSoon(topic);
  }

  private onChange(change: TopicChange): void {
    if (!this.wanted.has(change.topic)) return;
    const verdict = this.store(change.topic).takeChange(change as never);
    if (verdict === 'gap' || verdict === 'other-epoch') this.ask(change.topic);
  }

  private askSoon(topic: Topic): void {
    this.retries.get(topic)?.cancel();
    this.retries.set(
      topic,
      this.clock.after(RETRY_MS, () => this.ask(topic)),
    );
  }

  private heard(): void {
    this.heardAtMs = this.clock.monotonicMs();
  }

  private setConnection(kind: Connection['kind']): void {
    if (this.connection.kind === kind) return;
    this.connection = { kind, sinceMs: this.clock.nowMs() };
    for (const listener of this.listeners) listener();
  }
}
