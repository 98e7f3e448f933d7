/**
 * Why something was not done. Kinds are few and map to HTTP once, at the edge; codes are many, kebab-case and stable,
 * because screens and machine clients key on them.
 */
export type RefusalKind =
  | 'bad-input'
  | 'not-signed-in'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-many'
  | 'too-large'
  | 'unavailable'
  | 'peer-failed';

/** `message` states the rule, the value and the limit, in English; screens translate by `code`. Never holds a secret. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function refusal(
  kind: RefusalKind,
  code: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): Refusal {
  return details === undefined ? { kind, code, message } : { kind, code, message, details };
}

/** HTTP status of each kind (RFC 9110 §15.5, RFC 6585 §4). */
export const HTTP_STATUS: Readonly<Record<RefusalKind, number>> = {
  'bad-input': 400,
  'not-signed-in': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  'peer-failed': 502,
  unavailable: 503,
};

/** Carries a refusal through code that can only throw (a parser's depths, a framework's hooks). Caught at the edge. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(reason: Refusal) {
    super(`${reason.code}: ${reason.message}`);
    this.name = 'RefusalError';
    this.refusal = reason;
  }
}

/** The text of anything thrown, bounded, for a log line. */
export function reasonOf(thrown: unknown, maxChars = 300): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
}
