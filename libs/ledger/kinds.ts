import { z } from 'zod';
import type { LedgerEvent, LedgerPayload, LedgerSubject } from './event.ts';

/** `noun:pastTense`. */
export type KindName = `${string}:${string}`;

export interface KindSpec {
  /** Type of what such an event is about. */
  readonly subject: string;
  /** Shape of its payload. It may be widened and never narrowed: old events are read by it for ever. */
  readonly payload: z.ZodType<object>;
}

declare const made: unique symbol;

/** A change that a command wants in the ledger. Made by {@link LedgerKinds.draft} alone, so its kind and shape are known. */
export interface EventDraft {
  readonly kind: string;
  readonly subject: LedgerSubject;
  readonly payload: LedgerPayload;
  readonly [made]: true;
}

/** Events of a set of kinds, told apart by `kind`, each with the payload of its kind. */
export type EventOf<T extends Readonly<Record<KindName, KindSpec>>> = {
  [K in keyof T & KindName]: Omit<LedgerEvent, 'kind' | 'payload'> & {
    readonly kind: K;
    readonly payload: z.output<T[K]['payload']>;
  };
}[keyof T & KindName];

const KIND = /^[a-z][a-zA-Z]{1,39}:[a-z][a-zA-Z]{1,39}$/;
const MAX_ID_CHARS = 100;

/** The registry of some kinds of event: a noun's lib declares its own, the api joins them by {@link joinKinds}. */
export class LedgerKinds<T extends Readonly<Record<KindName, KindSpec>>> {
  constructor(readonly specs: T) {
    const wrong = Object.keys(specs).find((name) => !KIND.test(name));
    if (wrong !== undefined) throw new Error(`a kind is noun:pastTense, got "${wrong}"`);
  }

  get names(): readonly string[] {
    return Object.keys(this.specs);
  }

  has(kind: string): boolean {
    return Object.hasOwn(this.specs, kind);
  }

  /** @throws {Error} for a payload that does not have the shape of its kind: a bug, since input was parsed before. */
  draft<K extends keyof T & KindName>(kind: K, subjectId: string, payload: z.input<T[K]['payload']>): EventDraft {
    const { subject, payload: shape } = this.specs[kind]!;
    if (subjectId.length === 0 || subjectId.length > MAX_ID_CHARS)
      throw new RangeError(`${kind}: the subject's id has 1 to ${MAX_ID_CHARS} characters, got ${subjectId.length}`);
    const parsed = shape.parse(payload) as LedgerPayload;
    return { kind, subject: { type: subject, id: subjectId }, payload: parsed } as unknown as EventDraft;
  }

  /** The event as one of these kinds, or `undefined` when it is of another. @throws {Error} for a payload out of shape. */
  read(event: LedgerEvent): EventOf<T> | undefined {
    if (!this.has(event.kind)) return undefined;
    const payload = this.specs[event.kind as keyof T & KindName]!.payload.parse(event.payload);
    return { ...event, payload } as unknown as EventOf<T>;
  }
}

export function defineKinds<const T extends Readonly<Record<KindName, KindSpec>>>(specs: T): LedgerKinds<T> {
  return new LedgerKinds(specs);
}

/** One registry of several. @throws {Error} when two name the same kind. */
export function joinKinds(
  ...sets: readonly { readonly specs: Readonly<Record<KindName, KindSpec>> }[]
): LedgerKinds<Readonly<Record<KindName, KindSpec>>> {
  const joined: Record<KindName, KindSpec> = {};
  for (const [name, spec] of sets.flatMap(({ specs }) => Object.entries(specs) as [KindName, KindSpec][])) {
    if (Object.hasOwn(joined, name)) throw new Error(`${name} is registered twice`);
    joined[name] = spec;
  }
  return new LedgerKinds(joined);
}

/** What the ledger tells of itself. */
export const LEDGER_KINDS = defineKinds({
  /** From here on heads are signed with this key. Stands in the chain so that a later key is vouched for by earlier heads. */
  'ledger:keyAdopted': {
    subject: 'ledgerKey',
    payload: z.strictObject({
      /** SubjectPublicKeyInfo (RFC 8410 §4), DER, base64. */
      publicKey: z.base64().max(200),
    }),
  },
});
