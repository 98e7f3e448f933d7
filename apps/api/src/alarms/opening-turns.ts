/** At most so many works at a time; the others wait in the order in which they came. */
export class OpeningTurns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** Runs `work` when its turn comes, also when `signal` aborted meanwhile: it looks at that itself. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.free > 0) this.free--;
    else await this.nextTurn(signal);
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }

  private nextTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const turn = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      // Who gave up goes before the others, and is done at once.
      const leave = (): void => {
        const at = this.waiting.indexOf(turn);
        if (at > 0) this.waiting.unshift(...this.waiting.splice(at, 1));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(turn);
    });
  }
}
