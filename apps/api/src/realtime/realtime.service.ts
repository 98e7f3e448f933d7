import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';
import type { Snapshot, Topic, TopicChange, TopicItems } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import type { SignedInUser } from '../access/signed-in.ts';

/** Reads every item of a topic, as committed now. */
export type TopicLoader<T extends Topic> = () => Promise<readonly TopicItems[T][]>;

/**
 * What one reader sees of an item, decided when it is sent to them. Without it everybody sees the same. It must not throw
 * and must not wait: it is asked for every change and every page.
 */
export type TopicView<T extends Topic> = (item: TopicItems[T], reader: SignedInUser) => TopicItems[T];

/** Takes changes as they are published, in order of `seq`. Must not throw and must not wait. */
export type ChangeListener = (change: TopicChange) => void;

interface TopicState {
  seq: number;
  load: TopicLoader<Topic> | undefined;
  view: TopicView<Topic> | undefined;
  /** The last load and the `seq` at which it began; shared by those who subscribe at the same `seq`, for a moment. */
  loaded: Loaded | undefined;
}

interface Loaded {
  readonly seq: number;
  readonly beganMs: number;
  readonly items: Promise<readonly TopicItems[Topic][]>;
}

/**
 * Pages that come back together after a restart ask within so long of each other: two hundred of them read the tables once.
 * Short, because an item may also say what no change tells (how old something is).
 */
const SHARED_MS = 500;

/**
 * Numbers the changes of each topic and makes snapshots of them. One process, one {@link epoch}.
 *
 * The promise to a reader: it listens first, then asks for a snapshot; the snapshot holds at least every change up to
 * its `seq`, and each later one reaches the listener. This holds because owners publish *after* their commit: a change
 * that a load could not see yet is published after the load began, and so with a higher number.
 */
@Injectable()
export class RealtimeService {
  /** Names this run of the api: numbers of another epoch mean nothing. */
  readonly epoch = randomUUID();
  private readonly topics = new Map<Topic, TopicState>();
  private readonly listeners = new Set<ChangeListener>();
  /** Reads under way per `topic:id`; see {@link refresh}. */
  private readonly refreshing = new Map<string, { again: boolean }>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Says how a topic's items are read, and seen. Each topic has one owner, which calls this once at start. */
  register<T extends Topic>(topic: T, load: TopicLoader<T>, view?: TopicView<T>): void {
    const state = this.stateOf(topic);
    if (state.load) throw new Error(`topic ${topic} has an owner already`);
    state.load = load as TopicLoader<Topic>;
    state.view = view as TopicView<Topic> | undefined;
  }

  /** A change as somebody may see it now. */
  changeFor(change: TopicChange, reader: SignedInUser): TopicChange {
    const { view } = this.stateOf(change.topic);
    if (!view || change.kind === 'removed') return change;
    return { ...change, item: view(change.item, reader) } as TopicChange;
  }

  /** A snapshot as somebody may see it now. */
  snapshotFor<T extends Topic>(snapshot: Snapshot<T>, reader: SignedInUser): Snapshot<T> {
    const { view } = this.stateOf(snapshot.topic);
    if (!view) return snapshot;
    return { ...snapshot, items: snapshot.items.map((item) => view(item, reader) as TopicItems[T]) };
  }

  hasOwner(topic: Topic): boolean {
    return this.stateOf(topic).load !== undefined;
  }

  /** Publishes an item that was added or changed. Call it after the commit, with what was committed last. */
  changed<T extends Topic>(topic: T, item: TopicItems[T]): void {
    this.publish({ topic, kind: 'changed', item } as Unnumbered);
  }

  /** Publishes that an item is gone. Call it after the commit. */
  removed(topic: Topic, id: string): void {
    this.publish({ topic, kind: 'removed', id } as Unnumbered);
  }

  /**
   * Reads an item and publishes it, or its removal when `read` answers `undefined`. Use this where two transactions can
   * change one item at the same time: reads of one item never overlap and one begins after every call, so the last
   * publication shows the last commit. Calls during a read share one further read.
   */
  async refresh<T extends Topic>(topic: T, id: string, read: () => Promise<TopicItems[T] | undefined>): Promise<void> {
    const key = `${topic}:${id}`;
    const running = this.refreshing.get(key);
    if (running) {
      running.again = true;
      return;
    }
    const turn = { again: true };
    this.refreshing.set(key, turn);
    try {
      while (turn.again) {
        turn.again = false;
        const item = await read();
        if (item === undefined) this.removed(topic, id);
        else this.changed(topic, item);
      }
    } finally {
      this.refreshing.delete(key);
    }
  }

  /** Hears every change of every topic from now on. Answers how to stop. */
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Number of the last change of a topic. */
  seqOf(topic: Topic): number {
    return this.stateOf(topic).seq;
  }

  /** Every item, and the number of the last change that it surely holds. Rejects when the items cannot be read. */
  async snapshot<T extends Topic>(topic: T): Promise<Snapshot<T>> {
    const state = this.stateOf(topic);
    if (!state.load) throw new Error(`topic ${topic} has no owner`);
    const { seq, items } = this.loadOf(state, state.load);
    return { topic, epoch: this.epoch, seq, items: (await items) as TopicItems[T][], serverNowMs: this.clock.nowMs() };
  }

  private loadOf(state: TopicState, load: TopicLoader<Topic>): Loaded {
    const nowMs = this.clock.monotonicMs();
    const { loaded: last } = state;
    if (last?.seq === state.seq && nowMs - last.beganMs < SHARED_MS) return last;
    const loaded: Loaded = { seq: state.seq, beganMs: nowMs, items: load() };
    state.loaded = loaded;
    // What could not be read is read anew by whoever asks next.
    loaded.items.catch(() => {
      if (state.loaded === loaded) state.loaded = undefined;
    });
    return loaded;
  }

  private publish(change: Unnumbered): void {
    const state = this.stateOf(change.topic);
    state.seq++;
    state.loaded = undefined;
    const numbered = { ...change, epoch: this.epoch, seq: state.seq } as TopicChange;
    for (const listener of this.listeners) this.tell(listener, numbered);
  }

  /** One listener's bug does not take the change from the others, nor fail the request that caused it. */
  private tell(listener: ChangeListener, change: TopicChange): void {
    try {
      listener(change);
    } catch (thrown) {
      this.logger.error({ topic: change.topic, reason: reasonOf(thrown) }, 'a listener of changes failed');
    }
  }

  private stateOf(topic: Topic): TopicState {
    let state = this.topics.get(topic);
    if (!state) {
      state = { seq: 0, load: undefined, view: undefined, loaded: undefined };
      this.topics.set(topic, state);
    }
    return state;
  }
}

type Unnumbered = TopicChange extends infer C ? (C extends TopicChange ? Omit<C, 'epoch' | 'seq'> : never) : never;
