import type { Clock } from '#libs/base';

/** What the wall knows when it decides whether to reload itself onto a new build. */
export interface ReloadFacts {
  /** Since when a newer build is known, monotonic; null while there is none. */
  readonly newerSinceMs: number | null;
  /** Last change of any camera's state or of the line, monotonic. */
  readonly lastChangeMs: number;
  readonly online: boolean;
}

/** Nothing has changed for this long: nobody is being shown anything at this moment. */
export const QUIET_MS = 20_000;
/** A town that never is quiet gets the new build anyway. */
export const PATIENCE_MS = 600_000;

/** Whether now is a moment to reload. Never without the line: the new page could not be fetched. */
export function mayReload(facts: ReloadFacts, nowMs: number): boolean {
  if (facts.newerSinceMs === null || !facts.online) return false;
  return nowMs - facts.lastChangeMs >= QUIET_MS || nowMs - facts.newerSinceMs >= PATIENCE_MS;
}

const PERIOD_MS = 30_000;

/**
 * Watches `/version.json` and calls `onNewer` once when it differs from what it was at start. A failed look is no news.
 */
export function watchVersion(clock: Clock, onNewer: () => void): () => void {
  let first: string | undefined;
  let told = false;
  const look = async (): Promise<void> => {
    const version = await readVersion();
    if (version === undefined) return;
    first ??= version;
    if (version === first || told) return;
    told = true;
    onNewer();
  };
  void look();
  const timer = clock.every(PERIOD_MS, () => void look());
  return () => timer.cancel();
}

async function readVersion(): Promise<string | undefined> {
  try {
    const response = await fetch('/version.json', { cache: 'no-store' });
    const body: unknown = response.ok ? await response.json() : undefined;
    if (typeof body !== 'object' || body === null || !('version' in body)) return undefined;
    return typeof body.version === 'string' ? body.version : undefined;
  } catch {
    return undefined;
  }
}
