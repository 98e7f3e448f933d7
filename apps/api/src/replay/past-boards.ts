import { Injectable } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';
import { PastBoard } from '#libs/dispatch';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { CHECKPOINT_ENTRIES } from './checkpoint-writer.ts';
import { foldPast, type Heard } from './past-fold.ts';
import { PastStateStore } from './past-state.store.ts';

/** Entries that one look back folds at most: more is only after an upgrade, while checkpoints are caught up. */
const MAX_FOLD = 5_000;

/** A board of the past that can go on. */
export interface Rewound {
  readonly past: PastBoard;
  /** The entry after which it stands. */
  readonly seq: number;
  /** The checkpoint it began from. */
  readonly checkpoint: number;
}

/** The board as it was after any entry of the ledger. */
@Injectable()
export class PastBoards {
  constructor(
    private readonly states: PastStateStore,
    private readonly entries: LedgerStore,
  ) {}

  /** @throws {RefusalError} `replay-catching-up`. */
  async after(seq: number): Promise<Rewound> {
    const last = await this.states.lastCheckpoint();
    const checkpoint = Math.min(Math.floor(seq / CHECKPOINT_ENTRIES) * CHECKPOINT_ENTRIES, last);
    if (seq - checkpoint > MAX_FOLD)
      throw new RefusalError(
        refusal('unavailable', 'replay-catching-up', `checkpoints stand at entry ${last}, ${seq} is asked for`, {
          retryAfterS: 10,
        }),
      );
    const open = checkpoint === 0 ? undefined : await this.states.openAt(checkpoint);
    return this.on({ past: new PastBoard(open), seq: checkpoint, checkpoint }, seq);
  }

  /** The same board carried on to a later entry; `heard` is told of each on the way. */
  async on({ past, seq, checkpoint }: Rewound, upTo: number, heard?: Heard): Promise<Rewound> {
    if (upTo > seq) {
      const entries = await this.entries.eventsAfter(seq, upTo - seq);
      await foldPast(past, entries, (reads) => this.states.asOf(reads, checkpoint), heard);
    }
    return { past, seq: upTo, checkpoint };
  }
}
