import type { DismissalCause, Disposition, Priority } from '#libs/dispatch';
import type { IncidentItem } from '#libs/wire';

/** How long the pretended operator leaves an incident to the people at the consoles. */
export interface Patience {
  /** Nobody was sent. */
  readonly unattendedMs: Readonly<Record<Priority, number>>;
  /** A unit was sent and does not answer. */
  readonly unansweredMs: number;
  /** Attended, and nobody wrote the end. */
  readonly attendedMs: number;
  /** Incidents that somebody else opened are left alone for so long. */
  readonly othersMs: number;
}

const MINUTE_MS = 60_000;
export const DEMO_PATIENCE: Patience = {
  unattendedMs: { P1: 6 * MINUTE_MS, P2: 9 * MINUTE_MS, P3: 13 * MINUTE_MS, P4: 15 * MINUTE_MS },
  unansweredMs: 8 * MINUTE_MS,
  attendedMs: 3 * MINUTE_MS,
  othersMs: 6 * 60 * MINUTE_MS,
};

/** What the operator does with an incident that was left. */
export type Tidying =
  | { readonly kind: 'withdraw'; readonly unitIds: readonly string[] }
  | { readonly kind: 'close'; readonly disposition: Disposition; readonly note: string }
  | { readonly kind: 'dismiss'; readonly cause: DismissalCause; readonly note: string }
  /** Told to the first agency of its type, which takes it; then closed. */
  | { readonly kind: 'hand-over' };

/**
 * What an incident that nothing happened to for `quietMs` wants, or nothing yet. `luck` is between 0 and 1: which end a
 * call finds that nobody attended.
 */
export function tidyingOf(
  item: IncidentItem,
  isOwn: boolean,
  quietMs: number,
  patience: Patience,
  luck: number,
): Tidying | null {
  if (!isOwn && quietMs < patience.othersMs) return null;
  if (item.units.length > 0) return unanswered(item, quietMs, patience);
  if (item.clocks.arrivedAtMs !== null) {
    if (quietMs < patience.attendedMs) return null;
    return { kind: 'close', disposition: 'attended', note: 'La unidad informa que el hecho fue atendido.' };
  }
  if (quietMs < patience.unattendedMs[item.priority ?? 'P4']) return null;
  return leftAlone(item, luck);
}

/** Units on their way or on the scene end it themselves; those that never answered are called back. */
function unanswered({ units }: IncidentItem, quietMs: number, { unansweredMs }: Patience): Tidying | null {
  if (quietMs < unansweredMs || units.some(({ phase }) => phase !== 'assigned')) return null;
  return { kind: 'withdraw', unitIds: units.map(({ unitId }) => unitId) };
}

function leftAlone({ priority, classification }: IncidentItem, luck: number): Tidying {
  if (classification === null)
    return { kind: 'dismiss', cause: 'not-located', note: 'Sin datos suficientes; no se volvió a comunicar.' };
  if (priority === 'P1' || priority === 'P2') return { kind: 'hand-over' };
  if (luck < 0.35) return { kind: 'dismiss', cause: 'not-located', note: 'Se devolvió la llamada y nadie contestó.' };
  if (luck < 0.5) return { kind: 'dismiss', cause: 'false-call', note: 'El alertante reconoce que no hubo tal hecho.' };
  if (luck < 0.7)
    return { kind: 'close', disposition: 'caller-withdrew', note: 'El alertante informa que ya no requiere apoyo.' };
  return { kind: 'close', disposition: 'recorded-only', note: 'Queda registrado para el patrullaje del sector.' };
}
