import { z } from 'zod';

const filterText = z.string().trim().min(1).max(100);

/** `GET /api/ledger`: newest first; `before` is the `nextBefore` of the page above. Numbers come as text in a query. */
export const ledgerQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  kind: filterText.optional(),
  subjectType: filterText.optional(),
  subjectId: filterText.optional(),
  actorId: filterText.optional(),
  fromMs: z.coerce.number().int().min(0).max(8.64e15).optional(),
  toMs: z.coerce.number().int().min(0).max(8.64e15).optional(),
});
export type LedgerQuery = z.infer<typeof ledgerQuery>;

const subject = z.object({ type: z.string(), id: z.string() });
const actor = z.object({ type: z.string(), id: z.string(), name: z.string().optional() });

/** An event as one audience may see it. */
export const ledgerEventView = z.object({
  seq: z.number().int(),
  atMs: z.number(),
  kind: z.string(),
  subject,
  actor,
  payload: z.record(z.string(), z.unknown()),
  /** Members of `payload` that this audience may not see: they are left out. `*` is all of them. */
  redacted: z.array(z.string()),
});
export type LedgerEventView = z.infer<typeof ledgerEventView>;

export const ledgerEntryView = ledgerEventView.extend({ commandId: z.string(), hash: z.string() });
export type LedgerEntryView = z.infer<typeof ledgerEntryView>;

export const ledgerPage = z.object({ entries: z.array(ledgerEntryView), nextBefore: z.number().int().nullable() });
export type LedgerPage = z.infer<typeof ledgerPage>;

export const signedHeadView = z.object({
  seq: z.number().int(),
  hash: z.string(),
  atMs: z.number(),
  keyId: z.string(),
  /** Ed25519 over the canonical JSON of the other members, base64. */
  signature: z.string(),
});
export type SignedHeadView = z.infer<typeof signedHeadView>;

export const brokenLinkView = z.object({ seq: z.number().int(), code: z.string(), found: z.string() });
export type BrokenLinkView = z.infer<typeof brokenLinkView>;

export const ledgerVerificationView = z.object({
  startedAtMs: z.number(),
  finishedAtMs: z.number(),
  requestedBy: z.string(),
  /** The last entry up to which everything is sound. */
  head: z.object({ seq: z.number().int(), hash: z.string() }),
  entries: z.number().int(),
  signedHeads: z.number().int(),
  lastSigned: signedHeadView.nullable(),
  broken: brokenLinkView.nullable(),
});
export type LedgerVerificationView = z.infer<typeof ledgerVerificationView>;

/** `GET /api/ledger/state`. */
export const ledgerStateView = z.object({
  head: z.object({ seq: z.number().int(), hash: z.string() }),
  /** The head that was signed last. */
  signed: signedHeadView.nullable(),
  /** The key that this installation signs with now. */
  keyId: z.string(),
  /** This process is the one that writes. */
  writesHere: z.boolean(),
  /** A verification that runs now. */
  running: z
    .object({ startedAtMs: z.number(), requestedBy: z.string(), seq: z.number().int(), ofSeq: z.number().int() })
    .nullable(),
  /** The verification that finished last. */
  last: ledgerVerificationView.nullable(),
  /** Every kind of event that this version knows. */
  kinds: z.array(z.string()),
  serverNowMs: z.number(),
});
export type LedgerStateView = z.infer<typeof ledgerStateView>;

/** `GET /api/ledger/key`: whoever keeps it can check heads without us. */
export const ledgerKeyView = z.object({ keyId: z.string(), publicKeyPem: z.string() });
export type LedgerKeyView = z.infer<typeof ledgerKeyView>;

/** More than this behind, a page takes a snapshot instead of every event. */
export const MAX_FOLLOW_BEHIND = 20_000;

/**
 * Asks for the events after `after` in order, each once, and then for those to come; `null`: only those to come. With
 * `subjects` only events about these types are sent. What the role may not see is left out or redacted, event by event.
 */
export const followLedger = z.object({
  after: z.number().int().min(0).nullable(),
  subjects: z.array(z.string().min(1).max(40)).min(1).max(20).optional(),
});
export type FollowLedger = z.infer<typeof followLedger>;

export type FollowLedgerAnswer =
  | { readonly ok: true; readonly after: number; readonly serverNowMs: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * The events with `after < seq <= seq` that this page may see, in order. A page whose own cursor is not `after` has lost
 * something and asks anew from its own.
 */
export interface LedgerAppended {
  readonly after: number;
  readonly seq: number;
  readonly events: readonly LedgerEventView[];
}
