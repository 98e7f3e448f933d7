/** What the address of the page says: a link to a moment of a replay, for oneself (with its opening) and for others. */
export interface ReplayAddress {
  readonly openingId: string | null;
  readonly incidentId: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly atMs: number | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_MS = 8.64e15;

/** What is malformed is as if it were not there. */
export function readAddress(search: string): ReplayAddress {
  const query = new URLSearchParams(search);
  const id = (name: string): string | null => {
    const text = query.get(name) ?? '';
    return UUID.test(text) ? text : null;
  };
  const ms = (name: string): number | null => {
    const text = query.get(name) ?? '';
    return /^\d{1,16}$/.test(text) && Number(text) <= MAX_MS ? Number(text) : null;
  };
  return { openingId: id('opening'), incidentId: id('incident'), fromMs: ms('from'), toMs: ms('to'), atMs: ms('at') };
}

export function addressOf({ openingId, incidentId, fromMs, toMs, atMs }: ReplayAddress): string {
  const said = { opening: openingId, incident: incidentId, from: fromMs, to: toMs, at: atMs };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(said))
    if (value !== null) query.set(name, String(typeof value === 'number' ? Math.round(value) : value));
  return `?${query.toString()}`;
}
