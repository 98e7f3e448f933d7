/**
 * Whether a stream is to be pulled. HLS readers hold no connection: each request says that somebody watches, for as long
 * as the linger.
 */
export type DemandRule =
  /** Pulled for as long as the camera is known: its health and its recording depend on it. */
  | { readonly name: 'always' }
  /** Pulled from the first request until nobody asked for `lingerMs`. */
  | { readonly name: 'on-demand'; readonly lingerMs: number };

export class Demand {
  private askedMs: number | undefined;

  constructor(private rule: DemandRule) {}

  /** Another rule from now on; who asked before has asked. */
  use(rule: DemandRule): void {
    this.rule = rule;
  }

  /** Somebody asked for the stream. */
  ask(nowMs: number): void {
    this.askedMs = nowMs;
  }

  /** @param sinks readers that hold the stream by themselves: a recorder, an open socket */
  isWanted(nowMs: number, sinks: number): boolean {
    if (this.rule.name === 'always' || sinks > 0) return true;
    return this.askedMs !== undefined && nowMs - this.askedMs < this.rule.lingerMs;
  }
}

/** How many different readers asked within the last while: what "viewers" means for HLS. Bounded. */
export class RecentReaders {
  private readonly seenMs = new Map<string, number>();

  constructor(
    private readonly keepMs: number,
    private readonly maxReaders = 1_000,
  ) {}

  see(reader: string, nowMs: number): void {
    this.seenMs.delete(reader);
    this.seenMs.set(reader, nowMs);
    if (this.seenMs.size > this.maxReaders) this.forgetOldest();
  }

  count(nowMs: number): number {
    for (const [reader, atMs] of this.seenMs) {
      if (nowMs - atMs < this.keepMs) break;
      this.seenMs.delete(reader);
    }
    return this.seenMs.size;
  }

  private forgetOldest(): void {
    for (const reader of this.seenMs.keys()) {
      this.seenMs.delete(reader);
      return;
    }
  }
}
