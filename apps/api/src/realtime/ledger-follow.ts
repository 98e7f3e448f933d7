import { ledgerEventFor } from '#libs/access';
import { sleep, type Clock } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import type { LedgerEventView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { MAX_BACKLOG, type Line } from './line.ts';

const PAGE_EVENTS = 200;
/** While a page catches up it is waited for, not dropped: it asked for much at once. */
const WAIT_MS = 50;

/** A page is told that numbers passed at least this often, so that it never has far to come back. */
const TELL_AT_LEAST_EVERY = 1_000;

/** Where events are read from. */
export interface EventReader {
  /** Number of the last event that was handed to listeners. */
  readonly seq: number;
  eventsAfter(seq: number, limit: number): Promise<readonly LedgerEvent[]>;
}

/**
 * One page that follows the ledger: first what it missed, read by cursor, then what is appended. It is sent every number
 * once and in order, each event as its role may see it at that moment; of what it may not see it learns that numbers passed.
 */
export class LedgerFollow {
  private live = false;
  /** The number that the page was last told. It runs behind the cursor while all that passes is hidden from it. */
  private told: number;
  private readonly over = new AbortController();
  private readonly subjects: ReadonlySet<string> | undefined;

  constructor(
    private cursor: number,
    subjects: readonly string[] | undefined,
    /** Who reads, as last checked. */
    private readonly user: () => SignedInUser,
    private readonly line: Line,
    private readonly reader: EventReader,
    private readonly clock: Clock,
  ) {
    this.told = cursor;
    this.subjects = subjects && new Set(subjects);
  }

  stop(): void {
    this.over.abort();
  }

  /** Resolves when this page hears what is appended from now on, or has gone. Rejects when the ledger cannot be read. */
  async catchUp(): Promise<void> {
    while (!this.over.signal.aborted) {
      // Asked without waiting in between: what was handed out before is in the cursor, what comes next is told to `deliver`.
      if (this.cursor >= this.reader.seq) {
        this.live = true;
        return;
      }
      if (this.line.backlog() >= MAX_BACKLOG / 2) {
        await sleep(this.clock, WAIT_MS, this.over.signal);
        continue;
      }
      const events = await this.reader.eventsAfter(this.cursor, PAGE_EVENTS);
      if (events.length > 0 && !this.over.signal.aborted) this.send(events);
    }
  }

  /** Events that were appended. Those that were read already are left out. */
  deliver(events: readonly LedgerEvent[]): void {
    if (!this.live || this.over.signal.aborted) return;
    const fresh = events.filter(({ seq }) => seq > this.cursor);
    if (fresh.length === 0) return;
    if (this.line.backlog() < MAX_BACKLOG) return this.send(fresh);
    this.stop();
    this.line.drop();
  }

  private send(events: readonly LedgerEvent[]): void {
    const { role } = this.user();
    const wanted = events.filter(({ subject }) => this.subjects?.has(subject.type) ?? true);
    const seen = wanted.map((event) => ledgerEventFor(role, event)).filter((event) => event !== undefined);
    this.cursor = events.at(-1)!.seq;
    // A page that may see none of a busy town's events is not woken for each.
    if (seen.length === 0 && this.cursor - this.told < TELL_AT_LEAST_EVERY) return;
    this.line.append({ after: this.told, seq: this.cursor, events: seen.map(viewOf) });
    this.told = this.cursor;
  }
}

function viewOf(event: LedgerEvent & { readonly redacted: readonly string[] }): LedgerEventView {
  const { seq, atMs, kind, subject, actor, payload, redacted } = event;
  return { seq, atMs, kind, subject, actor, payload, redacted: [...redacted] };
}
