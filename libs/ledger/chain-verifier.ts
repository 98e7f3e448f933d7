import type { KeyObject } from 'node:crypto';
import { EMPTY_HEAD, parseEvent, sha256Hex, type LedgerEvent, type LedgerHead } from './event.ts';
import { LEDGER_KINDS } from './kinds.ts';
import { isGenuine, keyIdOf, parsePublicKey, type SignedHead } from './signed-head.ts';

/** A row of the table `ledger_entry`. All but `seq`, `text` and `hash` repeat what the text says, so that SQL can filter. */
export interface LedgerRow {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
  readonly atMs: number;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly actorId: string;
  readonly commandId: string;
}

/** How a ledger is not what was written. docs/ledger.md says what each means. */
export const BROKEN_LINK_CODES = [
  'ledger-entry-altered',
  'ledger-entry-missing',
  'ledger-entry-reordered',
  'ledger-link-broken',
  'ledger-truncated',
  'ledger-head-mismatch',
  'ledger-signature-wrong',
] as const;

export interface BrokenLink {
  /** First place where it shows. */
  readonly seq: number;
  readonly code: (typeof BROKEN_LINK_CODES)[number];
  /** What was found there, in English: `column kind says …`. Never a payload. */
  readonly found: string;
}

export interface Verdict {
  /** The last entry that everything up to it was found sound. */
  readonly head: LedgerHead;
  readonly entries: number;
  readonly signedHeads: number;
  /** The highest signed head that was found sound: history up to it is vouched for by its key. */
  readonly lastSigned: SignedHead | null;
  readonly broken: BrokenLink | null;
}

/**
 * Checks rows one after the other, without holding them. Feed them in order of `seq`, after each one the signed heads of
 * its number, at the end {@link conclude}. The first broken link is named and nothing after it is believed.
 */
export class ChainVerifier {
  private readonly keys: Map<string, KeyObject>;
  private head: LedgerHead = EMPTY_HEAD;
  private broken: BrokenLink | null = null;
  private lastSigned: SignedHead | null = null;
  private entries = 0;
  private signedHeads = 0;

  /** @param trusted public keys that the caller knows from elsewhere; those that the chain adopts are learnt from it. */
  constructor(trusted: readonly KeyObject[] = []) {
    this.keys = new Map(trusted.map((key) => [keyIdOf(key), key]));
  }

  get at(): LedgerHead {
    return this.head;
  }

  get isBroken(): boolean {
    return this.broken !== null;
  }

  next(row: LedgerRow): void {
    if (this.broken) return;
    if (row.seq > this.head.seq + 1)
      return this.breaks(this.head.seq + 1, 'ledger-entry-missing', gapText(row, this.head));
    if (row.seq <= this.head.seq)
      return this.breaks(row.seq, 'ledger-entry-reordered', `it comes after ${this.head.seq}`);
    const event = parseEvent(row.text);
    if (sha256Hex(row.text) !== row.hash)
      return this.breaks(row.seq, 'ledger-entry-altered', 'the text does not hash to the hash beside it');
    if (!event) return this.breaks(row.seq, 'ledger-entry-altered', 'the text is not canonical JSON of an event');
    if (event.seq !== row.seq)
      return this.breaks(row.seq, 'ledger-entry-reordered', `in its place stands what was written as ${event.seq}`);
    if (event.prev !== this.head.hash)
      return this.breaks(
        row.seq,
        'ledger-link-broken',
        `it continues ${event.prev}, before it stands ${this.head.hash}`,
      );
    const column = wrongColumn(row, event);
    if (column) return this.breaks(row.seq, 'ledger-entry-altered', `column ${column} does not say what the text says`);
    this.head = { seq: row.seq, hash: row.hash };
    this.entries++;
    this.learnKey(event);
  }

  /** A signed head of the entry that was fed last. */
  nextHead(head: SignedHead): void {
    if (this.broken) return;
    if (head.seq !== this.head.seq) throw new Error(`head ${head.seq} was fed at entry ${this.head.seq}`);
    const problem = this.signatureProblem(head);
    if (problem !== undefined) return this.breaks(head.seq, 'ledger-signature-wrong', problem);
    if (head.hash !== this.head.hash)
      return this.breaks(head.seq, 'ledger-head-mismatch', `signed was ${head.hash}, here stands ${this.head.hash}`);
    this.signedHeads++;
    this.lastSigned = head;
  }

  /** @param beyond a signed head of an entry that is not there */
  conclude(beyond?: SignedHead): Verdict {
    if (!this.broken && beyond) {
      const problem = this.signatureProblem(beyond);
      if (problem === undefined)
        this.breaks(
          this.head.seq + 1,
          'ledger-truncated',
          `a head of ${beyond.seq} was signed, the last entry is ${this.head.seq}`,
        );
      else this.breaks(beyond.seq, 'ledger-signature-wrong', problem);
    }
    const { head, entries, signedHeads, lastSigned, broken } = this;
    return { head, entries, signedHeads, lastSigned, broken };
  }

  private signatureProblem(head: SignedHead): string | undefined {
    const key = this.keys.get(head.keyId);
    if (!key) return `the head is signed with key ${head.keyId}, which is not known`;
    return isGenuine(head, key) ? undefined : `the signature is not by key ${head.keyId}`;
  }

  private learnKey(event: LedgerEvent): void {
    if (event.kind !== 'ledger:keyAdopted') return;
    const adopted = LEDGER_KINDS.read(event);
    const key = adopted && parsePublicKey(adopted.payload.publicKey);
    if (key && !this.keys.has(keyIdOf(key))) this.keys.set(keyIdOf(key), key);
  }

  private breaks(seq: number, code: BrokenLink['code'], found: string): void {
    this.broken = { seq, code, found };
  }
}

function gapText(row: LedgerRow, head: LedgerHead): string {
  const missing = row.seq - head.seq - 1;
  return `${missing} ${missing === 1 ? 'entry is' : 'entries are'} missing between ${head.seq} and ${row.seq}`;
}

function wrongColumn(row: LedgerRow, event: LedgerEvent): string | undefined {
  const said: Readonly<Record<string, readonly [unknown, unknown]>> = {
    at: [row.atMs, event.atMs],
    kind: [row.kind, event.kind],
    subject_type: [row.subjectType, event.subject.type],
    subject_id: [row.subjectId, event.subject.id],
    actor_id: [row.actorId, event.actor.id],
    command_id: [row.commandId, event.commandId],
  };
  return Object.entries(said).find(([, [column, text]]) => column !== text)?.[0];
}
