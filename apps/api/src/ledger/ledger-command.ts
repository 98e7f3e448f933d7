import type { EntityManager } from 'typeorm';
import type { Refusal, RefusalKind, Result } from '#libs/base';
import { canonical, sha256Hex, type EventDraft, type Json, type LedgerActor } from '#libs/ledger';

/** What a command works with while it has its turn. Nothing of it may be kept: after the turn it refuses to serve. */
export interface LedgerTurn {
  /** Every read and write of the change goes through this one; it is the transaction of the ledger. */
  readonly manager: EntityManager;
  /** Time of the events to come. Rows that tell the same moment take this, so that a rebuild finds the same. */
  readonly atMs: number;
  /** Number that its first event will have; the next ones follow. A row may keep it as the revision that it shows. */
  readonly firstSeq: number;
}

/** What a command did: the rows are written through the turn, the events come here. No events: nothing had to change. */
export interface LedgerChange<T extends Json> {
  /** Answered to the caller, and again when the command is repeated. Ids and numbers, no personal data: it is kept. */
  readonly value: T;
  readonly events: readonly EventDraft[];
}

/** One wish to change something that the ledger tells of. */
export interface LedgerCommand<T extends Json> {
  /** UUID that the client made, in lower case. The same id again is answered with the first outcome and does nothing. */
  readonly commandId: string;
  readonly actor: LedgerActor;
  /** `noun:verb`, and everything that was asked for: by these a repeat is told from another command under the same id. */
  readonly name: string;
  readonly input: unknown;
  /**
   * Reads (`FOR UPDATE`), decides, writes. It is rolled back when it answers a refusal or throws. It must touch nothing but
   * `turn.manager`: no other connection, no peer, no memory, since every other command waits meanwhile and since it may be run
   * a second time when a neighbour spoils the commit of both.
   */
  run(turn: LedgerTurn): Promise<Result<LedgerChange<T>>>;
}

/** A command that was done, now or the first time that it was sent. */
export interface LedgerOutcome<T extends Json> {
  readonly value: T;
  /** Numbers of its first and last event; `null` when nothing had to change. */
  readonly events: { readonly firstSeq: number; readonly lastSeq: number } | null;
}

/** An outcome as it is stored. */
export type StoredOutcome =
  { readonly ok: true; readonly value: LedgerOutcome<Json> } | { readonly ok: false; readonly refusal: Refusal };

/** Bytes of an outcome. Values are ids and numbers. */
export const MAX_OUTCOME_BYTES = 16 * 1024;

/** "Not now" is no outcome: who sends the command again wants it tried again. */
const PASSING: ReadonlySet<RefusalKind> = new Set(['unavailable', 'too-many', 'peer-failed']);

export function isFinal(outcome: StoredOutcome): boolean {
  return outcome.ok || !PASSING.has(outcome.refusal.kind);
}

/** @throws {RangeError} for a value that is too large to keep. */
export function outcomeText(commandName: string, outcome: StoredOutcome): string {
  const text = JSON.stringify(outcome);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_OUTCOME_BYTES)
    throw new RangeError(`${commandName}: an outcome of ${bytes} bytes, at most ${MAX_OUTCOME_BYTES} are kept`);
  return text;
}

/** Same for the same wish. Only its hash is kept, so that what was typed is not kept twice. */
export function fingerprintOf({ actor, name, input }: Pick<LedgerCommand<Json>, 'actor' | 'name' | 'input'>): string {
  // As JSON carries it: members that are undefined are none.
  const plain = JSON.parse(JSON.stringify(input ?? null)) as Json;
  return sha256Hex(canonical([actor.type, actor.id, name, plain]));
}
