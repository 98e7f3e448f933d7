import type { ServerResponse } from 'node:http';
import { refusal, type Clock, type Refusal, type Timer } from '#libs/base';
import type { SegmentWindow } from '#libs/hls';

/** Beside new parts: deadlines, and cameras that went away. */
const LOOK_MS = 200;
/** Requests that are held open, all together, per stream and per reader. A low-latency player holds one or two. */
const MAX_WAITING = 1_024;
const MAX_PER_STREAM = 256;
const MAX_PER_READER = 128;

/** What a request waits for. */
export interface Wish<T> {
  readonly window: SegmentWindow;
  /** Who asks, for {@link MAX_PER_READER}. */
  readonly reader: string;
  readonly response: ServerResponse;
  readonly withinMs: number;
  /** Undefined: not yet. Asked at once, at each new part and a few times a second. */
  look(): T | undefined;
  /** What is answered when the time is over. */
  tooLate(): T;
}

interface Waiter {
  /** `true` when it is done. */
  look(nowMs: number): boolean;
}

/**
 * Requests that are held open until there is something to send. Costs nothing while nobody waits: parts then wake nobody,
 * and the one timer for everybody runs only while somebody is here.
 */
export class WaitingRoom {
  private readonly waiters = new Set<Waiter>();
  private readonly perStream = new Map<SegmentWindow, number>();
  private readonly perReader = new Map<string, number>();
  private readonly woken = new Set<Waiter>();
  private ticker: Timer | undefined;

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.waiters.size;
  }

  /** Resolves with what `look` found, what `tooLate` says, or a refusal where no more may wait. */
  wait<T>(wish: Wish<T>): Promise<T | Refusal> {
    const first = wish.look();
    if (first !== undefined) return Promise.resolve(first);
    const full = this.fullness(wish.window, wish.reader);
    if (full) return Promise.resolve(full);
    return new Promise((resolve) => this.enter(wish, resolve));
  }

  private fullness(window: SegmentWindow, reader: string): Refusal | undefined {
    if (this.waiters.size >= MAX_WAITING) return tooMany(MAX_WAITING, 'readers');
    if ((this.perStream.get(window) ?? 0) >= MAX_PER_STREAM) return tooMany(MAX_PER_STREAM, 'readers of this stream');
    const own = this.perReader.get(reader) ?? 0;
    return own >= MAX_PER_READER ? tooMany(MAX_PER_READER, 'requests of this reader') : undefined;
  }

  private enter<T>(wish: Wish<T>, resolve: (outcome: T) => void): void {
    const deadlineMs = this.clock.monotonicMs() + wish.withinMs;
    const leave = (outcome: T): true => {
      this.waiters.delete(waiter);
      this.woken.delete(waiter);
      count(this.perStream, wish.window, -1);
      count(this.perReader, wish.reader, -1);
      stopWatching();
      wish.response.off('close', onClose);
      if (this.waiters.size === 0) this.ticker?.cancel();
      resolve(outcome);
      return true;
    };
    const waiter: Waiter = {
      look: (nowMs) => {
        const outcome = wish.look() ?? (nowMs >= deadlineMs ? wish.tooLate() : undefined);
        return outcome !== undefined && leave(outcome);
      },
    };
    // Whoever left is answered too: nothing is written to a closed response.
    const onClose = (): void => void leave(wish.tooLate());
    const stopWatching = wish.window.watch(() => this.wake(waiter));
    wish.response.once('close', onClose);
    if (this.waiters.size === 0) this.ticker = this.clock.every(LOOK_MS, () => this.lookAt([...this.waiters]));
    this.waiters.add(waiter);
    count(this.perStream, wish.window, 1);
    count(this.perReader, wish.reader, 1);
  }

  /** Not at once: the window is told of a part before the segment that it ends is closed and the next one opened. */
  private wake(waiter: Waiter): void {
    if (this.woken.size === 0) {
      queueMicrotask(() => {
        const waiters = [...this.woken];
        this.woken.clear();
        this.lookAt(waiters);
      });
    }
    this.woken.add(waiter);
  }

  private lookAt(waiters: readonly Waiter[]): void {
    const nowMs = this.clock.monotonicMs();
    for (const waiter of waiters) if (this.waiters.has(waiter)) waiter.look(nowMs);
  }
}

function tooMany(limit: number, whom: string): Refusal {
  return refusal('too-many', 'too-many-waiting', `${limit} ${whom} wait already`);
}

function count<K>(counts: Map<K, number>, key: K, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
