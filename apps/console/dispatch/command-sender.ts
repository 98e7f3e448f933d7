import { sleep, type Clock } from '#libs/base';
import { RequestError } from '../live/http.ts';

/** Waits before a command is sent again; after the last the person is told. */
const WAITS_MS = [400, 1_000, 2_000, 4_000];

/** The part of {@link Http} that a command needs. */
export interface CommandLine {
  tell(method: 'POST', path: string, body: unknown): Promise<void>;
}

/**
 * Sends commands so that each is done once. Without an answer nobody knows whether it arrived: the same `commandId` goes
 * again, and the server does it once. A refusal is an answer, and final.
 */
export class CommandSender {
  constructor(
    private readonly clock: Clock,
    private readonly line: CommandLine,
    /** The server's wall clock as far as known: a desk whose clock is wrong still works. */
    private readonly serverNowMs: () => number,
  ) {}

  /** Throws {@link RequestError}: the refusal, or that nobody answered. */
  async send(path: string, command: { readonly commandId: string }, onAgain?: () => void): Promise<void> {
    for (let round = 0; ; round++) {
      try {
        return await this.line.tell('POST', path, { ...command, sentAtMs: Math.round(this.serverNowMs()) });
      } catch (thrown) {
        const waitMs = WAITS_MS[round];
        if (!isUnanswered(thrown) || waitMs === undefined) throw thrown;
        onAgain?.();
        await sleep(this.clock, waitMs);
      }
    }
  }
}

/** Whether the command may or may not have been done. */
function isUnanswered(thrown: unknown): boolean {
  return thrown instanceof RequestError && (thrown.status === 0 || thrown.status >= 500);
}
