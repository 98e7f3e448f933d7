import { Injectable } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';

/** Reports of all accounts that run at once: two of the pool's connections, the rest is for live work. */
const MAX_RUNNING = 2;
/** Of one account: the one that runs and those behind it. */
const MAX_PER_ACCOUNT = 4;
const MAX_WAITING = 24;

/** Lets reports run one at a time per account, and few at once in all. */
@Injectable()
export class ReportTurns {
  private readonly ofAccount = new Map<string, number>();
  private readonly busy = new Set<string>();
  private readonly waiting: { readonly accountId: string; readonly go: () => void }[] = [];

  /** Runs `task` when it is its turn. @throws {RefusalError} `report-busy`. */
  async run<T>(accountId: string, task: () => Promise<T>): Promise<T> {
    const own = this.ofAccount.get(accountId) ?? 0;
    if (own >= MAX_PER_ACCOUNT || this.waiting.length >= MAX_WAITING)
      throw new RefusalError(refusal('too-many', 'report-busy', `at most ${MAX_PER_ACCOUNT} reports wait per account`));
    this.ofAccount.set(accountId, own + 1);
    try {
      await this.turn(accountId);
      return await task();
    } finally {
      this.leave(accountId);
    }
  }

  private turn(accountId: string): Promise<void> {
    if (this.busy.size < MAX_RUNNING && !this.busy.has(accountId)) {
      this.busy.add(accountId);
      return Promise.resolve();
    }
    return new Promise((go) => this.waiting.push({ accountId, go }));
  }

  private leave(accountId: string): void {
    const left = (this.ofAccount.get(accountId) ?? 1) - 1;
    if (left > 0) this.ofAccount.set(accountId, left);
    else this.ofAccount.delete(accountId);
    this.busy.delete(accountId);
    for (;;) {
      const index = this.waiting.findIndex((one) => !this.busy.has(one.accountId));
      if (this.busy.size >= MAX_RUNNING || index < 0) return;
      const [next] = this.waiting.splice(index, 1);
      this.busy.add(next!.accountId);
      next!.go();
    }
  }
}
