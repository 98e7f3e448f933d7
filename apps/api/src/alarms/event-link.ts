import { Backoff, ok, refusal, refused, sleep, type Clock, type Logger, type Refusal, type Result } from '#libs/base';
import type { EventMessage, EventsFace, PullPoint } from '#libs/onvif';
import type { AlarmRulesView } from '#libs/wire';
import { MessageBudget } from './message-budget.ts';

/** One pull waits so long for something to happen; a shorter one notices sooner that a camera is gone. */
export const PULL_WAIT_MS = 20_000;
const PULL_LIMIT = 32;
/** What a subscription is asked to last; it is renewed after {@link RENEW_SHARE} of that. */
export const LASTS_MS = 120_000;
const RENEW_SHARE = 0.4;
/** Cameras grant seconds or nonsense; a subscription is believed to last at least this long. */
const MIN_LASTS_MS = 5_000;
/** The state of everything is asked for again this often: a message may have been lost. */
const SYNCHRONIZE_EVERY_MS = 600_000;
/** A camera that answers empty at once is not asked in a circle. */
const MIN_PULL_MS = 500;
const RETRY = { firstMs: 1_000, maxMs: 60_000, jitter: 0.3 };
/** Waits that are longer because another try soon would do harm, or no good. */
const LONG_WAITS_MS: Readonly<Record<string, number>> = {
  'onvif-unauthorized': 300_000,
  'onvif-locked': 600_000,
  'onvif-not-supported': 3_600_000,
  'credential-unreadable': 300_000,
  'address-not-allowed': 300_000,
  'event-flood': 60_000,
};
/** After this without the camera's word nobody can say how its open alarms go on. */
const LOST_AFTER_MS = 60_000;
const GOODBYE_MS = 2_000;
/** A subscription that lived so long and was lost is made anew at once: what happens meanwhile would be missed. */
const MIN_LIFE_MS = 10_000;
const LOST = 'event-subscription-lost';

type LinkView = AlarmRulesView['link'];

/** What a link needs of the rest. */
export interface LinkSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the camera as its row is now, its services known; waits for its turn. */
  open(cameraId: string, signal: AbortSignal): Promise<Result<EventsFace>>;
  /** A message arrived. Must not throw. */
  hear(cameraId: string, message: EventMessage): void;
  /** The camera has not been heard for too long. */
  lose(cameraId: string): void;
}

/**
 * The subscription to one camera's own events, for as long as the camera is in use. `opening` ends with a subscription or
 * a failure, `listening` with a failure, `flooded` and `waiting` with the time (or a nudge), `none` seldom.
 */
export class EventLink {
  private readonly stop = new AbortController();
  private readonly backoff = new Backoff(RETRY);
  private readonly budget: MessageBudget;
  private nudged = new AbortController();
  private state: LinkView;
  private heardMs: number;
  private toldLost = true;

  constructor(
    private readonly cameraId: string,
    private readonly by: LinkSurroundings,
  ) {
    this.state = { state: 'waiting', sinceMs: by.clock.nowMs(), code: null, messages: 0, dropped: 0 };
    this.budget = new MessageBudget(by.clock);
    this.heardMs = by.clock.monotonicMs();
  }

  view(): LinkView {
    return this.state;
  }

  /** Its camera may be back: no use in waiting longer. */
  nudge(): void {
    if (this.state.state !== 'waiting' || this.state.code === 'onvif-unauthorized') return;
    this.backoff.reset();
    this.nudged.abort();
  }

  /** Resolves when it was told to end and has taken leave of the camera. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      const startMs = this.by.clock.monotonicMs();
      const end = await this.runOnce();
      const lived = this.by.clock.monotonicMs() - startMs >= MIN_LIFE_MS;
      if (!signal.aborted && !(end.code === LOST && lived)) await this.wait(end);
    }
  }

  end(): void {
    this.stop.abort();
  }

  /** One subscription's life; answers why it ended. */
  private async runOnce(): Promise<Refusal> {
    const { clock } = this.by;
    this.become('opening', null);
    const opened = await this.by.open(this.cameraId, this.stop.signal);
    if (!opened.ok) return opened.refusal;
    const events = opened.value;
    const subscribed = await events.subscribe(LASTS_MS);
    if (!subscribed.ok) return subscribed.refusal;
    const point = subscribed.value;
    this.become('listening', null);
    this.heard();
    try {
      // New subscribers are to be told every state (ONVIF Core 9.4.2); some cameras do it only when asked.
      await events.synchronize(point);
      return await this.listen(events, point);
    } finally {
      // Within a bound: a camera that is gone holds up no end.
      await Promise.race([events.unsubscribe(point), sleep(clock, GOODBYE_MS)]);
    }
  }

  private async listen(events: EventsFace, point: PullPoint): Promise<Refusal> {
    const { clock } = this.by;
    let lastsMs = believed(point.lastsMs);
    let renewAtMs = clock.monotonicMs() + lastsMs * RENEW_SHARE;
    let synchronizeAtMs = clock.monotonicMs() + SYNCHRONIZE_EVERY_MS;
    while (!this.stop.signal.aborted) {
      const pulled = await this.pull(events, point, Math.min(PULL_WAIT_MS, lastsMs / 2));
      if (!pulled.ok) return ofSubscription(pulled.refusal);
      if (clock.monotonicMs() >= renewAtMs) {
        const renewed = await events.renew(point, LASTS_MS);
        // A camera that cannot renew is subscribed to anew; states are told again then, so nothing is lost.
        if (!renewed.ok) return ofSubscription(renewed.refusal);
        lastsMs = believed(renewed.value);
        renewAtMs = clock.monotonicMs() + lastsMs * RENEW_SHARE;
      }
      if (clock.monotonicMs() < synchronizeAtMs) continue;
      synchronizeAtMs = clock.monotonicMs() + SYNCHRONIZE_EVERY_MS;
      await events.synchronize(point);
    }
    return refusal('unavailable', 'event-link-ended', 'the centre stops listening');
  }

  private async pull(events: EventsFace, point: PullPoint, waitMs: number): Promise<Result<void>> {
    const { clock } = this.by;
    const startMs = clock.monotonicMs();
    const pulled = await events.pull(point, waitMs, PULL_LIMIT, this.stop.signal);
    if (!pulled.ok) return pulled;
    this.heard();
    const { messages, dropped } = pulled.value;
    const granted = this.budget.take(messages.length);
    for (const message of messages.slice(0, granted)) this.by.hear(this.cameraId, message);
    const cut = messages.length - granted;
    this.count(granted, dropped + cut);
    if (cut > 0) {
      const limit = `more than ${MessageBudget.BURST} messages at once or ${MessageBudget.PER_SECOND} a second`;
      return refused(refusal('peer-failed', 'event-flood', `the camera floods: ${limit}`));
    }
    const tookMs = clock.monotonicMs() - startMs;
    if (messages.length === 0 && tookMs < MIN_PULL_MS) await sleep(clock, MIN_PULL_MS - tookMs, this.stop.signal);
    return ok(undefined);
  }

  private heard(): void {
    this.heardMs = this.by.clock.monotonicMs();
    this.toldLost = false;
    this.backoff.reset();
  }

  private async wait({ code, message }: Refusal): Promise<void> {
    const { clock, logger } = this.by;
    const state = code === 'onvif-not-supported' ? 'none' : code === 'event-flood' ? 'flooded' : 'waiting';
    if (this.state.code !== code) logger.info({ cameraId: this.cameraId, code, reason: message }, 'camera events');
    this.become(state, code);
    const untilMs = clock.monotonicMs() + (LONG_WAITS_MS[code] ?? this.backoff.nextMs());
    this.nudged = new AbortController();
    const over = AbortSignal.any([this.stop.signal, this.nudged.signal]);
    for (let leftMs = 1; leftMs > 0 && !over.aborted; leftMs = untilMs - clock.monotonicMs()) {
      const lostInMs = this.toldLost ? Number.POSITIVE_INFINITY : this.heardMs + LOST_AFTER_MS - clock.monotonicMs();
      if (lostInMs <= 0) this.tellLost();
      await sleep(clock, Math.min(untilMs - clock.monotonicMs(), Math.max(1, lostInMs)), over);
    }
  }

  private tellLost(): void {
    this.toldLost = true;
    this.by.lose(this.cameraId);
  }

  private become(state: LinkView['state'], code: string | null): void {
    if (this.state.state === state && this.state.code === code) return;
    // A try that fails as the one before is the same waiting.
    const sinceMs = state === 'opening' ? this.state.sinceMs : this.by.clock.nowMs();
    this.state = { ...this.state, state, code: code ?? (state === 'opening' ? this.state.code : null), sinceMs };
  }

  private count(messages: number, dropped: number): void {
    if (messages === 0 && dropped === 0) return;
    this.state = { ...this.state, messages: this.state.messages + messages, dropped: this.state.dropped + dropped };
  }
}

/**
 * A camera that forgot a subscription answers with a fault or 404: that says nothing about what it can do. A login that
 * was good and is refused now may mean that somebody set its clock: it is measured when the camera is opened again.
 */
const OF_SUBSCRIPTION: ReadonlySet<string> = new Set(['onvif-fault', 'onvif-not-supported', 'onvif-unauthorized']);

function ofSubscription(why: Refusal): Refusal {
  if (!OF_SUBSCRIPTION.has(why.code)) return why;
  return refusal('peer-failed', 'event-subscription-lost', `the camera dropped the subscription: ${why.message}`);
}

/** Some cameras answer the hour of the end in the past, or a year ahead, and end it when they like. */
function believed(lastsMs: number | null): number {
  return Math.min(LASTS_MS, Math.max(MIN_LASTS_MS, lastsMs ?? LASTS_MS));
}
