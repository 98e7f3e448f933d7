import type { AlarmKind, AlarmSource } from '#libs/wire';

/**
 * What a source says. `began` and `ended` are the two edges of a state; `happened` has no end of its own (a line was
 * crossed) and is over {@link HAPPENED_FOR_MS} after it was last told.
 */
export interface AlarmSignal {
  readonly cameraId: string;
  readonly kind: AlarmKind;
  readonly source: AlarmSource;
  /** Names what says so: an alarm that two rules of one camera hold open is over when both have ended. */
  readonly origin: string;
  readonly phase: 'began' | 'ended' | 'happened';
  readonly detail: string;
}
