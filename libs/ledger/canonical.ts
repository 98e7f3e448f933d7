/** A value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Nothing that we write is deeper; a hash must not overflow the stack on what somebody else wrote. */
export const MAX_DEPTH = 32;

/** With the `u` flag a whole pair is one character, so only halves are found. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The value has no canonical JSON text. */
export class NotCanonicalError extends Error {
  override readonly name = 'NotCanonicalError';
}

/**
 * The one text of a value (RFC 8785, JSON Canonicalization Scheme): no white space, members sorted by the UTF-16 code
 * units of their names (§3.2.3), numbers and strings as ECMAScript writes them (§3.2.2). Equal values have equal texts,
 * so a hash of the text is a hash of the value.
 * @throws {NotCanonicalError} for NaN, infinities, undefined and other things that JSON lacks, half of a surrogate pair,
 * an object of a class (a Date, a Map), a hole in a list, or a depth beyond {@link MAX_DEPTH}
 */
export function canonical(value: Json): string {
  return textOf(value, 0);
}

/**
 * `undefined` for a text that is not the canonical text of what it says: white space, another order, a member twice,
 * `1.0` for `1`. So a text that passes is the only one with its meaning.
 */
export function parseCanonical(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return canonical(value) === text ? value : undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof NotCanonicalError) return undefined;
    throw thrown;
  }
}

function textOf(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new NotCanonicalError(`deeper than ${MAX_DEPTH}`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return listText(value, depth);
  if (typeof value === 'object') return objectText(value, depth);
  throw new NotCanonicalError(`a ${typeof value} has no JSON text`);
}

function listText(list: readonly unknown[], depth: number): string {
  // `map` would leave out holes; `from` reads them as undefined, which is refused.
  return `[${Array.from(list, (item) => textOf(item, depth + 1)).join(',')}]`;
}

function objectText(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new NotCanonicalError('only plain objects are JSON');
  const members = value as Readonly<Record<string, unknown>>;
  // Without a comparator `sort` orders by UTF-16 code units, which is what §3.2.3 asks for.
  const texts = Object.keys(members)
    .sort()
    .map((key) => `${stringText(key)}:${textOf(members[key], depth + 1)}`);
  return `{${texts.join(',')}}`;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonicalError(`${value} is not a JSON number`);
  return Object.is(value, -0) ? '0' : String(value);
}

function stringText(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new NotCanonicalError('a string holds half of a surrogate pair');
  return JSON.stringify(value);
}
