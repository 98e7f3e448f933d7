import { createHash } from 'node:crypto';
import { canonical, parseCanonical, type Json } from './canonical.ts';

/** What an event is about: `{type: 'incident', id: …}`. The type is the noun of its kind's registry entry. */
export interface LedgerSubject {
  readonly type: string;
  readonly id: string;
}

export const ACTOR_TYPES = ['account', 'device', 'integration', 'system'] as const;

/** Who made a change: a person's account, a unit's device, another system's token, or a rule of ours. */
export interface LedgerActor {
  readonly type: (typeof ACTOR_TYPES)[number];
  readonly id: string;
  /** Display name at the time: names change, the record does not. */
  readonly name?: string;
}

export type LedgerPayload = { readonly [key: string]: Json };

/** One change in its place: gap-free `seq` from 1, chained by hash to the one before. */
export interface LedgerEvent {
  readonly seq: number;
  /** Hash of event `seq - 1`, hex; {@link GENESIS_HASH} for the first. */
  readonly prev: string;
  /** Milliseconds of the Unix epoch, by the writer's clock. Clocks are set: only `seq` orders. */
  readonly atMs: number;
  /** `noun:pastTense`. */
  readonly kind: string;
  readonly subject: LedgerSubject;
  readonly actor: LedgerActor;
  /** UUID that the client gave its command. One command may have made several events. */
  readonly commandId: string;
  readonly payload: LedgerPayload;
}

/** An event as it is stored: the text that was hashed, and the hash. */
export interface SealedEvent {
  readonly event: LedgerEvent;
  /** Canonical JSON (RFC 8785) of `event`. */
  readonly text: string;
  /** SHA-256 of the UTF-8 bytes of `text`, lower-case hex. */
  readonly hash: string;
}

/** Where the log stands: the number and hash of its last event. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

/** What the first event chains to. */
export const GENESIS_HASH = '0'.repeat(64);
export const EMPTY_HEAD: LedgerHead = { seq: 0, hash: GENESIS_HASH };

/** Bytes of an event's text. A report of 5,000 letters, all escaped, is half of it. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** An event is larger than {@link MAX_EVENT_BYTES}. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';

  constructor(
    readonly kind: string,
    readonly bytes: number,
  ) {
    super(`${kind}: an event of ${bytes} bytes, at most ${MAX_EVENT_BYTES} are taken`);
  }
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * Gives a change its place behind `head`.
 * @throws {EventTooLargeError} and {NotCanonicalError}
 */
export function seal(head: LedgerHead, change: Omit<LedgerEvent, 'seq' | 'prev'>): SealedEvent {
  const event: LedgerEvent = { ...change, seq: head.seq + 1, prev: head.hash };
  const text = canonical(event as unknown as Json);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLargeError(change.kind, bytes);
  return { event, text, hash: sha256Hex(text) };
}

const MEMBERS = ['actor', 'atMs', 'commandId', 'kind', 'payload', 'prev', 'seq', 'subject'].join();

/** The event that a stored text says, or `undefined` when it is not the canonical text of an event. */
export function parseEvent(text: string): LedgerEvent | undefined {
  if (text.length > MAX_EVENT_BYTES) return undefined;
  const value = parseCanonical(text);
  return isObject(value) && isEvent(value) ? (value as unknown as LedgerEvent) : undefined;
}

function isEvent(value: LedgerPayload): boolean {
  const { seq, prev, atMs, kind, subject, actor, commandId, payload } = value;
  return (
    // The text is canonical, so its members are sorted.
    Object.keys(value).join() === MEMBERS &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(atMs) &&
    [prev, kind, commandId].every((text) => typeof text === 'string') &&
    isObject(subject) &&
    hasTexts(subject, ['id', 'type']) &&
    isObject(actor) &&
    hasTexts(actor, 'name' in actor ? ['id', 'name', 'type'] : ['id', 'type']) &&
    isObject(payload)
  );
}

function isObject(value: Json | undefined): value is LedgerPayload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasTexts(value: LedgerPayload, names: readonly string[]): boolean {
  return Object.keys(value).join() === names.join() && names.every((name) => typeof value[name] === 'string');
}
