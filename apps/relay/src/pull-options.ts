import type { Logger, Refusal } from '#libs/base';
import type { ApproachOptions } from './approach.ts';
import type { IntakeOptions } from './intake.ts';
import type { ReadTurns } from './read-turns.ts';
import type { ArrivedUnit } from './unit-flow.ts';

/** What fetches a stream and where what it fetches goes. */
export interface PullOptions extends ApproachOptions, IntakeOptions {
  /** Read by every socket of the process: its content is gone when the callback returns. */
  readonly readBuffer: Buffer;
  readonly log: Logger;
  /** Where sockets wait that are not to be read before their turn comes. */
  readonly turns: ReadTurns;
  /** Nobody looks at the stream just now: it may wait for its turn. Hot path. */
  isUnwatched(): boolean;
  /** A unit that can be shown arrived. Hot path. */
  onFrame(unit: ArrivedUnit): void;
  /** What comes next has another format, or does not continue what came. */
  onBreak(isNewFormat: boolean): void;
  onFailure(reason: Refusal): void;
}
