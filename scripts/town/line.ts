import { Backoff, reasonOf, type Clock, type Logger } from '#libs/base';
import { CentreRefusal } from '../demo-town/centre-client.ts';

/** Who was let through says within this how it went; then another one may try. */
const TRY_MS = 25_000;
const RULE = { firstMs: 1_000, maxMs: 30_000, jitter: 0.3 } as const;
/** The centre is there and cannot: a restart, a full queue, too many requests. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * The town's one line to the centre. While the centre does not answer everybody is silent together, and one try at a time
 * finds out whether it is back: a town of thousands must not fall upon a centre that has just started.
 */
export class Line {
  private readonly backoff = new Backoff(RULE);
  private silentUntilMs = 0;
  private isDown = false;
  private triedUntilMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether the asker may speak now. While the centre is away one asker at a time is told so, after each wait. */
  mayTry(): boolean {
    if (!this.isDown) return true;
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.silentUntilMs || nowMs < this.triedUntilMs) return false;
    this.triedUntilMs = nowMs + TRY_MS;
    return true;
  }

  /** Runs `task` and learns from how it ends. Throws what `task` throws. */
  async through<T>(task: () => Promise<T>): Promise<T> {
    try {
      const answer = await task();
      this.heard();
      return answer;
    } catch (problem) {
      if (isNoAnswer(problem)) this.missed(problem);
      else if (!isOurStop(problem)) this.heard();
      throw problem;
    }
  }

  private heard(): void {
    if (this.isDown) this.logger.info({}, 'the centre answers again');
    this.isDown = false;
    this.triedUntilMs = 0;
    this.backoff.reset();
  }

  private missed(problem: unknown): void {
    // Those that were under way when it went down are one failure, not many.
    if (this.isDown && this.triedUntilMs === 0) return;
    if (!this.isDown) this.logger.warn({ reason: reasonOf(problem) }, 'the centre does not answer');
    this.isDown = true;
    this.triedUntilMs = 0;
    this.silentUntilMs = this.clock.monotonicMs() + this.backoff.nextMs();
  }
}

/** Anything but a clear answer: no connection, a timeout, a centre that is starting or stopping. */
export function isNoAnswer(problem: unknown): boolean {
  if (isOurStop(problem)) return false;
  return !(problem instanceof CentreRefusal) || BUSY.has(problem.status);
}

/** The town was told to stop and cut off its own request. */
function isOurStop(problem: unknown): boolean {
  return typeof problem === 'object' && problem !== null && 'name' in problem && problem.name === 'AbortError';
}
