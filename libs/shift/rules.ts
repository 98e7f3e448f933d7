const HOUR_MS = 3_600_000;

/** What a centre may set. Our own defaults, and no norm: its lawyer and its labour agreement say what counts. */
export interface ShiftRules {
  /** Between two shifts of one person. */
  readonly minRestMs: number;
  /** A crew may sign on so long before its shift, and counts as on duty. */
  readonly earlyMs: number;
  /** A crew that still finishes something counts as on duty so long after its shift. */
  readonly lateMs: number;
  /** The end of attendance may be told so long after the shift. */
  readonly attendanceLateMs: number;
  /** The book of a shift may be begun so long before the shift ends, and written on so long after it. */
  readonly handoverEarlyMs: number;
  readonly handoverLateMs: number;
}

export const DEFAULT_SHIFT_RULES: ShiftRules = {
  minRestMs: 8 * HOUR_MS,
  earlyMs: HOUR_MS / 2,
  lateMs: HOUR_MS / 2,
  attendanceLateMs: 12 * HOUR_MS,
  handoverEarlyMs: 24 * HOUR_MS,
  handoverLateMs: 2 * HOUR_MS,
};
