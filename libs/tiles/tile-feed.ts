/**
 * Which fragments of a stream one tile gets: a pure decision per fragment, so that a slow page costs itself pictures and
 * nobody else anything.
 *
 * - `waiting`: nothing decodable was sent yet; ends with a key fragment that there is room for.
 * - `flowing`: every fragment is sent; ends when the socket holds too much (`dropping`) or the page pauses.
 * - `dropping`: fragments are skipped and counted; ends with a key fragment once the socket has drained.
 * - `paused`: nothing is sent and nothing counted; `resume` goes to `waiting`.
 */
export type TileFeedState = 'waiting' | 'flowing' | 'dropping' | 'paused';

export interface TileFeedLimits {
  /** Bytes waiting in the socket at which a tile starts to skip. */
  readonly highWaterBytes: number;
  /** Bytes waiting in the socket up to which a tile may start or take up again. */
  readonly lowWaterBytes: number;
}

export class TileFeed {
  private current: TileFeedState = 'waiting';
  private skipped = 0;
  private next = 0;
  private broken = true;

  constructor(private readonly limits: TileFeedLimits) {}

  get state(): TileFeedState {
    return this.current;
  }

  /** Fragments that were not sent because the page was slow. */
  get skippedFragments(): number {
    return this.skipped;
  }

  /**
   * Decides on one fragment.
   * @param socketBytes what the page's socket still holds unsent; `Infinity` for one that does not take what it got
   * @returns the sequence number to send it with, or `undefined` to skip it
   */
  offer(isKey: boolean, socketBytes: number): number | undefined {
    if (this.current === 'paused') return undefined;
    if (this.current === 'flowing' && socketBytes > this.limits.highWaterBytes) this.current = 'dropping';
    if (this.current !== 'flowing' && !(isKey && socketBytes <= this.limits.lowWaterBytes)) return this.skip();
    if (this.current !== 'flowing') this.broken = true;
    this.current = 'flowing';
    return this.take();
  }

  /** Whether the fragment that was just admitted does not continue the one before. Answers `true` once. */
  takeBreak(): boolean {
    const { broken } = this;
    this.broken = false;
    return broken;
  }

  pause(): void {
    this.current = 'paused';
  }

  resume(): void {
    if (this.current === 'paused') this.current = 'waiting';
  }

  /** The source broke, or is another one: only a key fragment can follow. */
  restart(): void {
    if (this.current !== 'paused') this.current = 'waiting';
  }

  /** Before its first key fragment a tile misses nothing that it could have shown. */
  private skip(): undefined {
    if (this.current !== 'dropping') return;
    this.skipped++;
    this.take();
  }

  private take(): number {
    const sequence = this.next;
    this.next = (this.next + 1) >>> 0;
    return sequence;
  }
}
