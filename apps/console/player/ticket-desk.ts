import { Backoff, type Clock, type Timer } from '#libs/base';
import type { TicketsBody, TicketsView } from '#libs/wire';
import type { Wanted } from './line.ts';

/** What a tile holds: leave to watch, or why not. `waiting` lasts until the first answer. */
export type Leave =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'granted';
      readonly playlistUrl: string;
      readonly tilesUrl: string;
      /** With its ticket. */
      readonly snapshotUrl: string;
      readonly ticket: string;
    }
  | { readonly kind: 'refused'; readonly code: string };

interface Holding {
  readonly cameraId: string;
  readonly wanted: Wanted;
  holders: number;
  leave: Leave;
  readonly listeners: Set<() => void>;
}

/** Tiles of one page mount together: their wishes are collected this long and asked for at once. */
const COLLECT_MS = 40;
/** The contract's cap on one request. */
const MAX_WANTED = 64;
/** Share of a ticket's life after which it is renewed: a failed try leaves room for several more. */
const RENEW_AT = 0.5;
const MIN_RENEW_MS = 2_000;
/** Out of turn no more often than this, however many tiles wish it. */
const MIN_BETWEEN_MS = 1_000;
/** Refusals that end by themselves: a camera is without a relay while it goes from one to another. */
const PASSING: ReadonlySet<string> = new Set(['relay-silent']);
const ASK_AGAIN_MS = 2_000;

/**
 * Keeps leave to watch for every tile of a page: asks in batches and renews before expiry for as long as somebody holds.
 * The time of expiry is the server's, so its clock is asked for as a function.
 */
export class TicketDesk {
  private readonly held = new Map<string, Holding>();
  private readonly backoff = new Backoff({ firstMs: 1_000, maxMs: 8_000, jitter: 0.3 });
  private timer: Timer | undefined;
  private asking = false;
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly serverNowMs: () => number,
    private readonly request: (body: TicketsBody) => Promise<TicketsView>,
    private readonly codeOf: (error: unknown) => string,
  ) {}

  /** Ask for and keep leave until `release`. `onChange` is called when the leave changes, renewals included. */
  hold(cameraId: string, wanted: Wanted, onChange: () => void): { leave: () => Leave; release: () => void } {
    const key = keyOf(cameraId, wanted);
    const holding = this.held.get(key) ?? {
      cameraId,
      wanted: {
        stream: wanted.stream,
        ...(wanted.as !== undefined && { as: wanted.as }),
        ...(wanted.use !== undefined && { use: wanted.use }),
      },
      holders: 0,
      leave: { kind: 'waiting' },
      listeners: new Set(),
    };
    this.held.set(key, holding);
    holding.holders++;
    holding.listeners.add(onChange);
    if (holding.leave.kind !== 'granted') this.schedule(COLLECT_MS);
    return {
      leave: () => holding.leave,
      release: () => {
        holding.listeners.delete(onChange);
        if (--holding.holders === 0) this.held.delete(key);
      },
    };
  }

  /**
   * Asks soon for everything held, as after a refusal by the relay, a return of the line, or when a relay is gone: the answer
   * names the relay that has each camera then.
   */
  renewSoon(): void {
    this.schedule(Math.max(COLLECT_MS, this.askedMs + MIN_BETWEEN_MS - this.clock.monotonicMs()));
  }

  stop(): void {
    this.timer?.cancel();
    this.held.clear();
  }

  private schedule(delayMs: number): void {
    this.timer?.cancel();
    this.timer = this.clock.after(delayMs, () => void this.askAll());
  }

  private async askAll(): Promise<void> {
    if (this.asking || this.held.size === 0) return;
    this.asking = true;
    this.askedMs = this.clock.monotonicMs();
    const holdings = [...this.held.values()];
    try {
      let expiresAtMs = Infinity;
      for (let at = 0; at < holdings.length; at += MAX_WANTED) {
        const answer = await this.askBatch(holdings.slice(at, at + MAX_WANTED));
        expiresAtMs = Math.min(expiresAtMs, answer.expiresAtMs);
      }
      this.backoff.reset();
      this.planRenewal(expiresAtMs);
    } catch (error) {
      this.onFailure(holdings, this.codeOf(error));
    } finally {
      this.asking = false;
    }
  }

  private async askBatch(batch: readonly Holding[]): Promise<TicketsView> {
    const answer = await this.request({ wanted: batch.map(({ cameraId, wanted }) => ({ cameraId, ...wanted })) });
    for (const given of answer.tickets) {
      const { playlistUrl, tilesUrl, snapshotUrl, ticket } = given;
      this.grant(keyOf(given.cameraId, given), { kind: 'granted', playlistUrl, tilesUrl, snapshotUrl, ticket });
    }
    for (const given of answer.refused) this.grant(keyOf(given.cameraId, given), { kind: 'refused', code: given.code });
    return answer;
  }

  /** Somebody may have come while the request was under way: they wait for nothing if they ask soon. */
  private planRenewal(expiresAtMs: number): void {
    const leaves = [...this.held.values()].map(({ leave }) => leave);
    if (leaves.some(({ kind }) => kind === 'waiting')) return this.schedule(COLLECT_MS);
    const isPassing = leaves.some((leave) => leave.kind === 'refused' && PASSING.has(leave.code));
    const lifeMs = expiresAtMs - this.serverNowMs();
    this.schedule(isPassing ? ASK_AGAIN_MS : Math.max(MIN_RENEW_MS, lifeMs * RENEW_AT));
  }

  /** Leave already granted stays until the relay itself refuses it. */
  private onFailure(holdings: readonly Holding[], code: string): void {
    for (const holding of holdings) {
      if (holding.leave.kind !== 'granted') this.set(holding, { kind: 'refused', code });
    }
    this.schedule(this.backoff.nextMs());
  }

  private grant(key: string, leave: Leave): void {
    const holding = this.held.get(key);
    if (holding) this.set(holding, leave);
  }

  private set(holding: Holding, leave: Leave): void {
    holding.leave = leave;
    for (const listener of holding.listeners) listener();
  }
}

function keyOf(cameraId: string, { stream, as, use }: Wanted): string {
  return `${cameraId}/${stream}/${as ?? ''}/${use ?? ''}`;
}
