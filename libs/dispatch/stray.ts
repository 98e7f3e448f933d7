/** A unit is where it has no business: in an off-limits area, or away from its own sector without being sent. */
export const STRAY_KINDS = ['off-limits', 'out-of-sector'] as const;
export type StrayKind = (typeof STRAY_KINDS)[number];

/** What ends it: it went back, it was sent somewhere, or the area was changed, removed or is open at this hour. */
export const STRAY_ENDS = ['returned', 'sent', 'area-changed'] as const;
export type StrayEnd = (typeof STRAY_ENDS)[number];

export interface Stray {
  readonly kind: StrayKind;
  /** The area it came into, or the sector it left. */
  readonly sectorId: string;
  /** When it did, by its positions. */
  readonly sinceMs: number;
  readonly acknowledgedAtMs: number | null;
  readonly acknowledgedBy: string | null;
}

/** Of one unit at the same time: its sector, and areas that overlap. */
export const MAX_STRAYS = 8;

export function strayOf(strays: readonly Stray[] | undefined, kind: StrayKind, sectorId: string): Stray | undefined {
  return strays?.find((stray) => stray.kind === kind && stray.sectorId === sectorId);
}

/** How a position is told from a wobble. Ours: no norm says it. */
export interface StrayBounds {
  /** So long it must be seen where it should not be before anybody is called. */
  readonly stayMs: number;
  /** So long it must be seen back before it is over. */
  readonly backMs: number;
  /** Between two positions further apart nothing is known: silence fills no stay. */
  readonly maxGapMs: number;
}
export const DEFAULT_STRAY_BOUNDS: StrayBounds = { stayMs: 60_000, backMs: 30_000, maxGapMs: 180_000 };

/** What positions say of one unit and one area. */
export type StrayCourse =
  /** Ended by a position where it should not be. */
  | { readonly kind: 'clear' }
  /** Ended by a position back, or by having stayed long enough: then it `stands`. */
  | { readonly kind: 'suspected'; readonly sinceMs: number; readonly lastMs: number }
  /** Ended by a position back. */
  | { readonly kind: 'stands'; readonly sinceMs: number }
  /** Ended by a position away again, or by having been back long enough: then it is `clear`. */
  | { readonly kind: 'returning'; readonly sinceMs: number; readonly backMs: number; readonly lastMs: number };

/** What a position makes of it; `told` is what somebody has to hear. */
export interface StrayStep {
  readonly course: StrayCourse;
  readonly told: 'raised' | 'ended' | null;
}

/**
 * The next step after a position, taken at `atMs`, that is astray or is not. Positions come in the order in which they were
 * taken. However a receiver wobbles, one unit and area is told at most once in `stayMs` + `backMs`.
 */
export function strayStep(course: StrayCourse, astray: boolean, atMs: number, bounds: StrayBounds): StrayStep {
  switch (course.kind) {
    case 'clear':
      return quiet(astray ? { kind: 'suspected', sinceMs: atMs, lastMs: atMs } : course);
    case 'suspected': {
      if (!astray) return quiet({ kind: 'clear' });
      const sinceMs = atMs - course.lastMs > bounds.maxGapMs ? atMs : course.sinceMs;
      if (atMs - sinceMs >= bounds.stayMs) return { course: { kind: 'stands', sinceMs }, told: 'raised' };
      return quiet({ kind: 'suspected', sinceMs, lastMs: atMs });
    }
    case 'stands':
      return quiet(astray ? course : { kind: 'returning', sinceMs: course.sinceMs, backMs: atMs, lastMs: atMs });
    case 'returning': {
      if (astray) return quiet({ kind: 'stands', sinceMs: course.sinceMs });
      const backMs = atMs - course.lastMs > bounds.maxGapMs ? atMs : course.backMs;
      if (atMs - backMs >= bounds.backMs) return { course: { kind: 'clear' }, told: 'ended' };
      return quiet({ kind: 'returning', sinceMs: course.sinceMs, backMs, lastMs: atMs });
    }
  }
}

function quiet(course: StrayCourse): StrayStep {
  return { course, told: null };
}
