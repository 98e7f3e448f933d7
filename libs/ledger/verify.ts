import type { KeyObject } from 'node:crypto';
import { ChainVerifier, type LedgerRow, type Verdict } from './chain-verifier.ts';
import type { SignedHead } from './signed-head.ts';

/** Where a verification reads from. Only what is committed may be seen. */
export interface LedgerSource {
  /** At most `limit` rows with a greater number, in order. Empty at the end. */
  rowsAfter(seq: number, limit: number): Promise<readonly LedgerRow[]>;
  /** Signed heads with `after < seq <= upTo`, in order of `seq`. `limit` bounds them. */
  headsBetween(after: number, upTo: number, limit: number): Promise<readonly SignedHead[]>;
}

export interface VerifyOptions {
  /** Public keys known from elsewhere than this database. */
  readonly trusted?: readonly KeyObject[];
  /** Heads that were kept elsewhere; the ledger must agree with them. */
  readonly expected?: readonly SignedHead[];
  readonly signal?: AbortSignal;
  /** Told after each page. */
  readonly onProgress?: (seq: number) => void;
}

/** Rows held at once; at most {@link MAX_EVENT_BYTES} each, some 300 bytes commonly. */
const PAGE_ROWS = 1_000;
/** Only one is looked for beyond the end. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * Reads a whole ledger and its signed heads page by page and answers where it first breaks, if it does. Entries appended
 * meanwhile are read too. Ends early, as sound so far, when `signal` aborts.
 */
export async function verifyLedger(source: LedgerSource, options: VerifyOptions = {}): Promise<Verdict> {
  const verifier = new ChainVerifier(options.trusted);
  const expected = [...(options.expected ?? [])].sort((one, other) => one.seq - other.seq);
  for (;;) {
    await readToEnd(source, verifier, expected, options);
    if (verifier.isBroken || options.signal?.aborted) return verifier.conclude();
    const beyond = await headBeyond(source, verifier.at.seq, expected);
    if (!beyond) return verifier.conclude();
    // It may be younger than our last reading: a head is signed after its entries were committed, so they show now.
    const rest = await source.rowsAfter(verifier.at.seq, 1);
    if (rest.length === 0) return verifier.conclude(beyond);
  }
}

async function readToEnd(
  source: LedgerSource,
  verifier: ChainVerifier,
  expected: readonly SignedHead[],
  { signal, onProgress }: VerifyOptions,
): Promise<void> {
  const isOver = (): boolean => verifier.isBroken || signal?.aborted === true;
  while (!isOver()) {
    const after = verifier.at.seq;
    const rows = await source.rowsAfter(after, PAGE_ROWS);
    const last = rows.at(-1);
    if (!last) return;
    const kept = expected.filter((head) => head.seq > after && head.seq <= last.seq);
    // Bounded by the page: the table holds one head per entry and key.
    const stored = await source.headsBetween(after, last.seq, NO_LIMIT);
    // The same head kept twice is one signature.
    const heads = [...stored, ...kept.filter((head) => !stored.some(({ signature }) => signature === head.signature))];
    feed(verifier, rows, bySeq(heads));
    onProgress?.(verifier.at.seq);
  }
}

function feed(verifier: ChainVerifier, rows: readonly LedgerRow[], heads: ReadonlyMap<number, SignedHead[]>): void {
  for (const row of rows) {
    verifier.next(row);
    if (verifier.isBroken) return;
    for (const head of heads.get(row.seq) ?? []) verifier.nextHead(head);
    if (verifier.isBroken) return;
  }
}

function bySeq(heads: readonly SignedHead[]): Map<number, SignedHead[]> {
  const found = new Map<number, SignedHead[]>();
  for (const head of heads) found.set(head.seq, [...(found.get(head.seq) ?? []), head]);
  return found;
}

async function headBeyond(
  source: LedgerSource,
  seq: number,
  expected: readonly SignedHead[],
): Promise<SignedHead | undefined> {
  const [stored] = await source.headsBetween(seq, NO_LIMIT, 1);
  return stored ?? expected.find((head) => head.seq > seq);
}
