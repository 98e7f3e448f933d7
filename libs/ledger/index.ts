export { MAX_DEPTH, NotCanonicalError, canonical, parseCanonical, type Json } from './canonical.ts';
export {
  ACTOR_TYPES,
  EMPTY_HEAD,
  EventTooLargeError,
  GENESIS_HASH,
  MAX_EVENT_BYTES,
  parseEvent,
  seal,
  sha256Hex,
  type LedgerActor,
  type LedgerEvent,
  type LedgerHead,
  type LedgerPayload,
  type LedgerSubject,
  type SealedEvent,
} from './event.ts';
export {
  LEDGER_KINDS,
  LedgerKinds,
  defineKinds,
  joinKinds,
  type EventDraft,
  type EventOf,
  type KindName,
  type KindSpec,
} from './kinds.ts';
export { isGenuine, keyIdOf, parsePublicKey, publicKeyText, signHead, type SignedHead } from './signed-head.ts';
export { BROKEN_LINK_CODES, ChainVerifier, type BrokenLink, type LedgerRow, type Verdict } from './chain-verifier.ts';
export { verifyLedger, type LedgerSource, type VerifyOptions } from './verify.ts';
export { sqlSource, type AskSql } from './sql-source.ts';
export { parseSignedHead } from './kept-head.ts';
