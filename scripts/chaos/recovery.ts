import { systemClock } from '#libs/base';
import { until } from '../e2e/until.ts';
import type { TownWatch } from './town-watch.ts';

export const VICTIMS = ['api', 'relay', 'postgres'] as const;
export type Victim = (typeof VICTIMS)[number];

/** How long it took after a kill -9 until … */
export interface Recovery {
  readonly victim: Victim;
  /** … the health check was content again. */
  readonly readyMs: number;
  /** … every camera was online and its playlist went on. */
  readonly picturesMs: number;
}

const READY_WITHIN_MS = 30_000;
const PICTURES_WITHIN_MS = 45_000;

/** All cameras are adopted, online, and their pictures flow. Resolves with their ids. */
export async function settled(watch: TownWatch, cameras: number, withinMs: number): Promise<readonly string[]> {
  let ids: readonly string[] = [];
  await until(`${cameras} cameras online`, withinMs, async () => {
    const seen = await watch.cameras();
    ids = seen.ids;
    return seen.ids.length === cameras && seen.online === cameras;
  });
  await picturesFlow(watch, ids, withinMs);
  return ids;
}

/** Kills one process without warning and waits until the centre is as it was: another pid, healthy, same cameras, moving. */
export async function killAndWatch(watch: TownWatch, victim: Victim, ids: readonly string[]): Promise<Recovery> {
  const before = watch.processOf(victim);
  if (!before) throw new Error(`${victim} does not run`);
  const killedMs = systemClock.monotonicMs();
  process.kill(before.pid, 'SIGKILL');
  await until(`${victim} to run again`, READY_WITHIN_MS, async () => {
    const now = watch.processOf(victim);
    return now !== undefined && now.started !== before.started;
  });
  await until(`health after the loss of ${victim}`, READY_WITHIN_MS, async () => {
    await watch.expectReady();
    return true;
  });
  const readyMs = systemClock.monotonicMs() - killedMs;
  const after = await settled(watch, ids.length, PICTURES_WITHIN_MS);
  if (after.join() !== ids.join()) throw new Error(`after the loss of ${victim} other cameras are adopted`);
  return { victim, readyMs, picturesMs: systemClock.monotonicMs() - killedMs };
}

async function picturesFlow(watch: TownWatch, ids: readonly string[], withinMs: number): Promise<void> {
  const first = new Map<string, number>();
  await until('the playlists to go on', withinMs, async () => {
    const now = await watch.lastSegments(ids);
    for (const [id, segment] of now) if (!first.has(id)) first.set(id, segment);
    // A relay that was started anew may count from the beginning: going on is what matters, not from where.
    return ids.every((id) => now.get(id) !== first.get(id));
  });
}
