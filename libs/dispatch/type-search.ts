import { INCIDENT_GROUPS, type IncidentType } from './incident-type.ts';
import { comparePriority } from './vocabulary.ts';

/** Longer queries are cut: nobody types a novel into the type field, and work is bounded by it. */
export const MAX_QUERY_CHARS = 80;
const MAX_QUERY_WORDS = 8;
/** A typing error of one letter is forgiven from this length on. */
const MIN_FUZZY_CHARS = 5;

const STOP_WORDS = new Set([
  'a',
  'al',
  'con',
  'de',
  'del',
  'el',
  'en',
  'la',
  'las',
  'los',
  'o',
  'por',
  'se',
  'un',
  'una',
  'y',
]);

/** What one word of the query is worth by where it was found. Higher is better. */
const WORTH = {
  code: 1_000,
  codePrefix: 400,
  phrase: 120,
  firstName: 60,
  name: 40,
  word: 38,
  namePrefix: 24,
  wordPrefix: 20,
  group: 6,
  fuzzy: 4,
} as const;

interface Entry {
  readonly type: IncidentType;
  /** `pat-01` and `pat01`. */
  readonly codes: readonly string[];
  readonly name: readonly string[];
  readonly words: readonly string[];
  readonly phrases: readonly string[];
  readonly group: readonly string[];
}

export interface TypeHit {
  readonly type: IncidentType;
  readonly score: number;
}

/** Finds types of incident by code or word. Make it once per version of the catalogue; a search takes microseconds. */
export interface TypeSearch {
  /** Best first; ties go by priority, then by code, so the same query always gives the same list. */
  find(query: string, limit?: number): readonly TypeHit[];
}

export function typeSearch(types: readonly IncidentType[]): TypeSearch {
  const entries = types.filter((type) => type.enabled).map(entryOf);
  return { find: (query, limit = 8) => find(entries, query, limit) };
}

/** Lower case, without accents, words only: `Vía pública` becomes `via publica`. */
export function foldWords(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function entryOf(type: IncidentType): Entry {
  const code = type.code.toLowerCase();
  const phrases = type.words.map(foldWords);
  return {
    type,
    codes: [code, code.replace('-', '')],
    name: wordsOf(type.name),
    words: phrases.flatMap((phrase) => phrase.split(' ')),
    phrases,
    group: [...wordsOf(INCIDENT_GROUPS[type.group]), type.group.toLowerCase()],
  };
}

function wordsOf(text: string): string[] {
  return foldWords(text)
    .split(' ')
    .filter((word) => word !== '' && !STOP_WORDS.has(word));
}

function find(entries: readonly Entry[], query: string, limit: number): readonly TypeHit[] {
  const text = query.slice(0, MAX_QUERY_CHARS);
  const words = wordsOf(text).slice(0, MAX_QUERY_WORDS);
  if (words.length === 0) return [];
  const phrase = foldWords(text);
  const code = text.trim().toLowerCase();
  return entries
    .map((entry) => ({ type: entry.type, score: scoreOf(entry, code, phrase, words) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || comparePriority(a.type.priority, b.type.priority) || order(a, b))
    .slice(0, limit);
}

function order(a: TypeHit, b: TypeHit): number {
  return a.type.code < b.type.code ? -1 : 1;
}

/** Every word of the query has to be found somewhere: more words narrow the list. */
function scoreOf(entry: Entry, code: string, phrase: string, words: readonly string[]): number {
  if (entry.codes.includes(code)) return WORTH.code;
  if (code.length >= 2 && entry.codes.some((own) => own.startsWith(code))) return WORTH.codePrefix;
  let score = entry.phrases.includes(phrase) ? WORTH.phrase : 0;
  for (const word of words) {
    const worth = worthOf(entry, word);
    if (worth === 0) return 0;
    score += worth;
  }
  return score;
}

function worthOf(entry: Entry, word: string): number {
  if (entry.name[0] === word) return WORTH.firstName;
  if (entry.name.includes(word)) return WORTH.name;
  if (entry.words.includes(word)) return WORTH.word;
  if (entry.name.some((own) => own.startsWith(word))) return WORTH.namePrefix;
  if (entry.words.some((own) => own.startsWith(word))) return WORTH.wordPrefix;
  if (entry.group.some((own) => own.startsWith(word))) return WORTH.group;
  if (word.length < MIN_FUZZY_CHARS) return 0;
  return [...entry.name, ...entry.words].some((own) => isOneSlipAway(own, word)) ? WORTH.fuzzy : 0;
}

/** One letter more, less, other, or two neighbours swapped. */
export function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
