import type { Tour } from '#libs/ptz';
import type { PtzTourView } from '#libs/wire';
import type { PtzTourEntity } from './ptz-tour.entity.ts';

export function tourViewOf({ id, name, steps, startedAt }: PtzTourEntity): PtzTourView {
  return { id, name, steps, startedAtMs: startedAt?.getTime() ?? null };
}

/** As the engine takes it. */
export function tourOfRow({ id, name, steps }: PtzTourEntity): Tour {
  return { id, name, steps: steps.map(({ preset, dwellSeconds }) => ({ preset, dwellMs: dwellSeconds * 1_000 })) };
}
