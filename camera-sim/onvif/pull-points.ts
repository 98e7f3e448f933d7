import { BoundedQueue, type Clock, type Timer } from '#libs/base';
import type { SimCamera, SimEvent } from '../model.ts';
import { topicsOf, type Notification, type Topic } from './event-topics.ts';
import type { TopicFilter } from './topic-filter.ts';
import { rulesOf } from './vendor.ts';

export const MAX_PULL_POINTS = 10;
/** Messages kept for a client that does not pull; the oldest goes first. */
export const MAX_QUEUED = 256;
/** Messages in one answer, whatever a client asks for. */
export const MAX_PER_PULL = 32;
/** How long a pull may wait (ONVIF Core §9.1.2 asks for at least 1 min) and a subscription may last. */
export const MAX_PULL_MS = 60_000;
export const MAX_SUBSCRIPTION_MS = 3_600_000;

/** One client's subscription. */
export class PullPoint {
  /** By the camera's machine, not its wall clock: setting the hour ends no subscription. */
  private expiresMonotonicMs = 0;
  private readonly queue = new BoundedQueue<Notification>(MAX_QUEUED);
  private wake: (() => void) | undefined;
  private expiry: Timer | undefined;
  /** Messages that had to go because nobody pulled. */
  dropped = 0;

  constructor(
    readonly id: string,
    private readonly filter: TopicFilter,
    private readonly clock: Clock,
    private readonly onExpired: () => void,
  ) {}

  get remainingMs(): number {
    return this.expiresMonotonicMs - this.clock.monotonicMs();
  }

  renew(durationMs: number): void {
    this.expiresMonotonicMs = this.clock.monotonicMs() + durationMs;
    this.expiry?.cancel();
    this.expiry = this.clock.after(durationMs, this.onExpired);
  }

  offer(notification: Notification): void {
    if (!this.filter(notification.topic.path)) return;
    if (!this.queue.push(notification)) {
      this.queue.shift();
      this.queue.push(notification);
      this.dropped++;
    }
    this.wake?.();
  }

  /** Up to `limit` messages: those at hand, or else the first to come within `timeoutMs`. One pull at a time waits. */
  async pull(limit: number, timeoutMs: number, signal: AbortSignal): Promise<Notification[]> {
    if (this.queue.size === 0 && timeoutMs > 0 && !signal.aborted) await this.wait(timeoutMs, signal);
    const taken: Notification[] = [];
    while (taken.length < limit && !signal.aborted) {
      const next = this.queue.shift();
      if (next === undefined) break;
      taken.push(next);
    }
    return taken;
  }

  close(): void {
    this.expiry?.cancel();
    this.wake?.();
  }

  private wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    this.wake?.();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', done);
        if (this.wake === done) this.wake = undefined;
        resolve();
      };
      const timer = this.clock.after(timeoutMs, done);
      signal.addEventListener('abort', done, { once: true });
      this.wake = done;
    });
  }
}

/** All subscriptions of one camera, and the state of its properties. */
export class PullPoints {
  readonly topics: readonly Topic[];
  private readonly points = new Map<string, PullPoint>();
  private readonly states = new Map<SimEvent['kind'], boolean>();
  private created = 0;
  private crossings = 0;

  constructor(
    private readonly camera: SimCamera,
    private readonly clock: Clock,
  ) {
    this.topics = topicsOf(rulesOf(camera.spec.vendor));
  }

  /** `undefined` when there is no room. A new subscriber is told the state of every property first (ONVIF Core §9.4.2). */
  create(filter: TopicFilter, durationMs: number): PullPoint | undefined {
    if (this.points.size >= MAX_PULL_POINTS) return undefined;
    const id = String(++this.created);
    const point = new PullPoint(id, filter, this.clock, () => this.remove(id));
    this.points.set(id, point);
    point.renew(durationMs);
    this.synchronize(point);
    return point;
  }

  get(id: string): PullPoint | undefined {
    return this.points.get(id);
  }

  remove(id: string): boolean {
    this.points.get(id)?.close();
    return this.points.delete(id);
  }

  /** Queues the present state of every property. */
  synchronize(point: PullPoint): void {
    for (const topic of this.topics) {
      if (!topic.isProperty) continue;
      const value = String(this.states.get(topic.kind) ?? false);
      point.offer({ topic, operation: 'Initialized', atMs: this.nowMs(), value });
    }
  }

  hear(event: SimEvent): void {
    for (const topic of this.topics) {
      if (topic.kind !== event.kind) continue;
      const notification = this.notificationOf(topic, event);
      if (notification) for (const point of this.points.values()) point.offer(notification);
    }
    if (event.kind !== 'line-crossed') this.states.set(event.kind, event.active);
  }

  /** As after a power cut: subscriptions and states are gone. */
  clear(): void {
    for (const id of this.points.keys()) this.remove(id);
    this.states.clear();
  }

  private notificationOf(topic: Topic, event: SimEvent): Notification | undefined {
    const atMs = this.nowMs();
    if (event.kind === 'line-crossed') {
      return { topic, operation: undefined, atMs, value: String(++this.crossings), rule: event.rule };
    }
    if ((this.states.get(event.kind) ?? false) === event.active) return undefined;
    return { topic, operation: 'Changed', atMs, value: String(event.active) };
  }

  private nowMs(): number {
    return this.camera.nowMs(this.clock.nowMs());
  }
}
