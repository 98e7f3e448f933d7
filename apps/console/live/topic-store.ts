import type { Snapshot, Topic, TopicChange, TopicItems } from '#libs/wire';

/** What a screen knows about one topic. `refused` carries the server's code; `loading` lasts until the first snapshot. */
export type TopicState<T extends Topic> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'refused'; readonly code: string }
  | {
      readonly kind: 'ready';
      readonly epoch: string;
      readonly seq: number;
      readonly items: readonly TopicItems[T][];
      /** Server time at which the last snapshot was taken. */
      readonly snapshotAtMs: number;
    };

/** What became of a change: `gap` and `other-epoch` mean that the holder must subscribe again. */
export type Verdict = 'applied' | 'held' | 'old' | 'gap' | 'other-epoch';

type Change<T extends Topic> = Extract<TopicChange, { topic: T }>;

/** Changes that overtake the snapshot they follow are held; beyond this the snapshot is simply asked for again. */
const MAX_HELD = 512;

/**
 * The items of one topic, kept true by snapshot + sequence. Holds no socket: it is fed, and says when it lost the thread.
 */
export class TopicStore<T extends Topic> {
  private state: TopicState<T> = { kind: 'loading' };
  private byId = new Map<string, TopicItems[T]>();
  private held: Change<T>[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(readonly topic: T) {}

  readonly getState = (): TopicState<T> => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A new snapshot is on its way: changes that arrive before it are held, what is shown stays. */
  expectSnapshot(): void {
    this.held = [];
    if (this.state.kind === 'refused') this.set({ kind: 'loading' });
  }

  refuse(code: string): void {
    this.byId.clear();
    this.set({ kind: 'refused', code });
  }

  takeSnapshot(snapshot: Snapshot<T>): Verdict {
    this.byId = new Map(snapshot.items.map((item) => [item.id, item]));
    const held = this.held;
    this.held = [];
    this.publish(snapshot.epoch, snapshot.seq, snapshot.serverNowMs);
    for (const change of held) {
      const verdict = this.takeChange(change);
      if (verdict === 'gap' || verdict === 'other-epoch') return verdict;
    }
    return 'applied';
  }

  takeChange(change: Change<T>): Verdict {
    if (this.state.kind !== 'ready') return this.hold(change);
    if (change.epoch !== this.state.epoch) return 'other-epoch';
    if (change.seq <= this.state.seq) return 'old';
    if (change.seq !== this.state.seq + 1) return 'gap';
    if (change.kind === 'removed') this.byId.delete(change.id);
    else this.byId.set(change.item.id, change.item as TopicItems[T]);
    this.publish(this.state.epoch, change.seq, this.state.snapshotAtMs);
    return 'applied';
  }

  private hold(change: Change<T>): Verdict {
    if (this.held.length >= MAX_HELD) return 'gap';
    this.held.push(change);
    return 'held';
  }

  private publish(epoch: string, seq: number, snapshotAtMs: number): void {
    this.set({ kind: 'ready', epoch, seq, items: [...this.byId.values()], snapshotAtMs });
  }

  private set(state: TopicState<T>): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
