import { isUuid } from '#libs/base';

/** PostgreSQL takes payloads shorter than 8000 bytes; an id is 22 characters in base64url. */
export const MAX_IDS_PER_MESSAGE = 340;
const ID_CHARS = 22;

/** Who moved, as NOTIFY carries it: the id of who speaks, then the ids of units, each as 22 characters of base64url. */
export function movesMessage(speakerId: string, unitIds: readonly string[]): string {
  return [speakerId, ...unitIds].map(shortOf).join('');
}

/** `undefined` for what is no such message. */
export function readMovesMessage(payload: string): { speakerId: string; unitIds: string[] } | undefined {
  const count = payload.length / ID_CHARS;
  if (!Number.isInteger(count) || count < 1 || count > MAX_IDS_PER_MESSAGE + 1) return undefined;
  if (!/^[A-Za-z0-9_-]+$/.test(payload)) return undefined;
  const ids = Array.from({ length: count }, (_, index) =>
    longOf(payload.slice(index * ID_CHARS, (index + 1) * ID_CHARS)),
  );
  const [speakerId, ...unitIds] = ids as [string, ...string[]];
  return ids.every(isUuid) ? { speakerId, unitIds } : undefined;
}

function shortOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function longOf(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
