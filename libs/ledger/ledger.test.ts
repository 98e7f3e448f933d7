import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  EMPTY_HEAD,
  EventTooLargeError,
  LEDGER_KINDS,
  defineKinds,
  isGenuine,
  joinKinds,
  keyIdOf,
  parseEvent,
  parsePublicKey,
  publicKeyText,
  seal,
  sha256Hex,
  signHead,
  verifyLedger,
  type LedgerEvent,
  type LedgerRow,
  type LedgerSource,
  type SignedHead,
  type Verdict,
} from '#libs/ledger';

interface Golden {
  readonly publicKey: string;
  readonly head: SignedHead;
  readonly rows: readonly { readonly text: string; readonly hash: string }[];
}
const golden = JSON.parse(readFileSync(new URL('testdata/golden-chain.json', import.meta.url), 'utf8')) as Golden;

const rowOf = (event: LedgerEvent, text: string, hash: string): LedgerRow => ({
  seq: event.seq,
  text,
  hash,
  atMs: event.atMs,
  kind: event.kind,
  subjectType: event.subject.type,
  subjectId: event.subject.id,
  actorId: event.actor.id,
  commandId: event.commandId,
});
const goldenRows = golden.rows.map(({ text, hash }) => rowOf(parseEvent(text)!, text, hash));

/** Pages of two, so that a chain of ten has borders. */
function sourceOf(rows: readonly LedgerRow[], heads: readonly SignedHead[] = []): LedgerSource {
  return {
    rowsAfter: (seq, limit) =>
      Promise.resolve(
        rows
          .filter((row) => row.seq > seq)
          .sort((a, b) => a.seq - b.seq)
          .slice(0, Math.min(limit, 2)),
      ),
    headsBetween: (after, upTo, limit) =>
      Promise.resolve(heads.filter((head) => head.seq > after && head.seq <= upTo).slice(0, limit)),
  };
}

function change(count: number): Omit<LedgerEvent, 'seq' | 'prev'> {
  return {
    atMs: 1_000 + count,
    kind: 'thing:changed',
    subject: { type: 'thing', id: String(count % 3) },
    actor: { type: 'system', id: 'test' },
    commandId: `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`,
    payload: { count },
  };
}

/** A ledger whose first entry adopts the key, with heads of entries 4 and 8. */
function ownChain(length = 10) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const draft = LEDGER_KINDS.draft('ledger:keyAdopted', keyIdOf(publicKey), { publicKey: publicKeyText(publicKey) });
  const rows: LedgerRow[] = [];
  let head = EMPTY_HEAD;
  for (let count = 0; count < length; count++) {
    const { kind, subject, payload } = draft;
    const sealed = seal(head, { ...change(count), ...(count === 0 ? { kind, subject, payload } : {}) });
    rows.push(rowOf(sealed.event, sealed.text, sealed.hash));
    head = { seq: sealed.event.seq, hash: sealed.hash };
  }
  const sign = (seq: number, key: KeyObject = privateKey): SignedHead =>
    signHead({ seq, hash: rows[seq - 1]!.hash }, 5_000, keyIdOf(publicKey), key);
  return { rows, heads: [sign(4), sign(8)], sign, publicKey, privateKey };
}

/** What a forger can do with the hashes of one row: they fit its new text. */
function rewritten(row: LedgerRow, payload: LedgerEvent['payload'], prev?: string): LedgerRow {
  const event = parseEvent(row.text)!;
  const { seq, prev: was, ...rest } = event;
  const sealed = seal({ seq: seq - 1, hash: prev ?? was }, { ...rest, payload });
  return rowOf(sealed.event, sealed.text, sealed.hash);
}

const brokenOf = async (rows: readonly LedgerRow[], heads: readonly SignedHead[]): Promise<unknown[]> => {
  const { broken } = await verifyLedger(sourceOf(rows, heads));
  return [broken?.seq, broken?.code];
};

describe('a ledger made by Python and OpenSSL', () => {
  it('is text by text and hash by hash what we make of the same changes', () => {
    let head = EMPTY_HEAD;
    for (const { text, hash } of golden.rows) {
      const { seq, prev: _prev, ...rest } = parseEvent(text)!;
      expect(seal(head, rest)).toMatchObject({ text, hash });
      head = { seq, hash };
    }
  });

  it('verifies, with its signed head', async () => {
    const verdict = await verifyLedger(sourceOf(goldenRows, [golden.head]), {
      trusted: [parsePublicKey(golden.publicKey)!],
    });
    expect(verdict).toEqual({
      head: { seq: 10, hash: golden.rows.at(-1)!.hash },
      entries: 10,
      signedHeads: 1,
      lastSigned: golden.head,
      broken: null,
    } satisfies Verdict);
    expect(keyIdOf(parsePublicKey(golden.publicKey)!)).toBe(golden.head.keyId);
  });

  it('does not, by a head of a key that nobody knows', async () => {
    expect(await brokenOf(goldenRows, [golden.head])).toEqual([10, 'ledger-signature-wrong']);
  });
});

describe('verification', () => {
  const { rows, heads, sign, privateKey } = ownChain();

  it('finds a sound ledger sound, and an empty one', async () => {
    expect(await verifyLedger(sourceOf(rows, heads))).toMatchObject({
      broken: null,
      entries: 10,
      signedHeads: 2,
      lastSigned: { seq: 8 },
    });
    expect(await verifyLedger(sourceOf([]))).toMatchObject({ broken: null, head: EMPTY_HEAD, entries: 0 });
  });

  it('names an altered text, and an altered column', async () => {
    const altered = rows.with(4, { ...rows[4]!, text: rows[4]!.text.replace('"count":4', '"count":5') });
    expect(await brokenOf(altered, heads)).toEqual([5, 'ledger-entry-altered']);
    for (const column of ['atMs', 'kind', 'subjectType', 'subjectId', 'actorId', 'commandId'] as const) {
      const wrong = rows.with(4, { ...rows[4]!, [column]: column === 'atMs' ? 1 : 'other' });
      expect(await brokenOf(wrong, heads)).toEqual([5, 'ledger-entry-altered']);
    }
  });

  it('names a text that hashes right and is not the canonical one', async () => {
    const text = rows[4]!.text.replace(':', ': ');
    expect(await brokenOf(rows.with(4, { ...rows[4]!, text, hash: sha256Hex(text) }), heads)).toEqual([
      5,
      'ledger-entry-altered',
    ]);
  });

  it('names the link behind an entry that was rewritten with its hash', async () => {
    expect(await brokenOf(rows.with(4, rewritten(rows[4]!, { count: 99 })), heads)).toEqual([6, 'ledger-link-broken']);
  });

  it('names the signed head that a history rewritten to its end does not have', async () => {
    const forged = [...rows];
    for (let at = 4; at < rows.length; at++) {
      forged[at] = rewritten(rows[at]!, { count: 99 }, at === 4 ? undefined : forged[at - 1]!.hash);
    }
    expect(await brokenOf(forged, heads)).toEqual([8, 'ledger-head-mismatch']);
    expect(await brokenOf(forged, [])).toEqual([undefined, undefined]);
    const kept = await verifyLedger(sourceOf(forged), { expected: [heads[1]!] });
    expect(kept.broken).toMatchObject({ seq: 8, code: 'ledger-head-mismatch' });
  });

  it('names missing entries, at the start, in the middle and at the end', async () => {
    expect(await brokenOf(rows.slice(1), heads)).toEqual([1, 'ledger-entry-missing']);
    expect(await brokenOf(rows.toSpliced(5, 2), heads)).toEqual([6, 'ledger-entry-missing']);
    expect(await brokenOf(rows.slice(0, 6), heads)).toEqual([7, 'ledger-truncated']);
    expect(await brokenOf([], [{ ...heads[0]!, keyId: 'f'.repeat(16) }])).toEqual([4, 'ledger-signature-wrong']);
  });

  it('names two entries that changed places', async () => {
    const swapped = rows.with(4, { ...rows[5]!, seq: 5 }).with(5, { ...rows[4]!, seq: 6 });
    expect(await brokenOf(swapped, heads)).toEqual([5, 'ledger-entry-reordered']);
  });

  it('names a head whose signature is not of its key', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    expect(await brokenOf(rows, [heads[0]!, sign(8, stranger)])).toEqual([8, 'ledger-signature-wrong']);
    expect(await brokenOf(rows, [{ ...heads[0]!, atMs: 1 }])).toEqual([4, 'ledger-signature-wrong']);
  });

  it('names the first broken link of several', async () => {
    const worse = rows.slice(0, 9).with(2, { ...rows[2]!, hash: 'x' });
    expect(await brokenOf(worse, heads)).toEqual([3, 'ledger-entry-altered']);
  });

  it('does not take a head for a truncation whose entries were committed while it read', async () => {
    const late = ownChain(10);
    const whole = sourceOf(late.rows, [late.sign(10)]);
    let looks = 0;
    const growing: LedgerSource = {
      ...whole,
      rowsAfter: async (seq, limit) => (seq === 6 && looks++ === 0 ? [] : whole.rowsAfter(seq, limit)),
    };
    expect(await verifyLedger(growing)).toMatchObject({ broken: null, entries: 10, signedHeads: 1 });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const verdict = await verifyLedger(sourceOf(rows, heads), { signal: stop.signal, onProgress: () => stop.abort() });
    expect(verdict).toMatchObject({ entries: 2, broken: null });
  });

  it('does not believe a signature of another kind of key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect(isGenuine(heads[0]!, other.publicKey)).toBe(false);
    expect(parsePublicKey(other.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'))).toBeUndefined();
    expect(parsePublicKey('no key')).toBeUndefined();
    expect(isGenuine(heads[0]!, createPublicKey(privateKey))).toBe(true);
  });
});

describe('events', () => {
  it('have a bound', () => {
    expect(() => seal(EMPTY_HEAD, { ...change(0), payload: { text: 'x'.repeat(70_000) } })).toThrow(EventTooLargeError);
  });

  it('are not read from a text that says something else', () => {
    const { text } = seal(EMPTY_HEAD, change(0));
    expect(parseEvent(text)).toMatchObject({ seq: 1, kind: 'thing:changed' });
    for (const wrong of [
      '[]',
      'null',
      '{"seq":1}',
      text.replace('"seq":1', '"seq":1.5'),
      text.replace('{"count":0}', '[]'),
    ]) {
      expect(parseEvent(wrong)).toBeUndefined();
    }
  });
});

describe('kinds', () => {
  const things = defineKinds({
    'thing:changed': { subject: 'thing', payload: z.strictObject({ count: z.number().int() }) },
  });

  it('make drafts of their shape, and no others', () => {
    expect(things.draft('thing:changed', 'a', { count: 1 })).toEqual({
      kind: 'thing:changed',
      subject: { type: 'thing', id: 'a' },
      payload: { count: 1 },
    });
    expect(() => things.draft('thing:changed', 'a', { count: 1.5 })).toThrow();
    expect(() => things.draft('thing:changed', 'a', { count: 1, more: 2 } as { count: number })).toThrow();
    expect(() => things.draft('thing:changed', '', { count: 1 })).toThrow(RangeError);
  });

  it('read events of theirs', () => {
    const { event } = seal(EMPTY_HEAD, change(7));
    expect(things.read(event)?.payload.count).toBe(7);
    expect(LEDGER_KINDS.read(event)).toBeUndefined();
    expect(() => things.read({ ...event, payload: {} })).toThrow();
  });

  it('are named noun:pastTense, once', () => {
    expect(() => defineKinds({ 'Thing:changed': things.specs['thing:changed'] })).toThrow('noun:pastTense');
    expect(() => joinKinds(things, LEDGER_KINDS, things)).toThrow('registered twice');
    expect(joinKinds(things, LEDGER_KINDS).names).toEqual(['thing:changed', 'ledger:keyAdopted']);
  });
});
