import type { Clock, Timer } from '#libs/base';

/** What is read in turns: a socket, or whatever stands for it. */
export interface Paused {
  resume(): void;
}

/** Sockets whose turn comes in the same time are read together. */
const SLOT_MS = 25;
/** Nothing that is told of a stream may be later than this: a picture that ages, a camera that is lost. */
const MAX_TURN_MS = 250;
/** As many and one: who waits longest must not meet who is being read. */
const SLOTS = MAX_TURN_MS / SLOT_MS + 1;
/**
 * What one turn should bring. A system offers a sender about 64 kB before it knows the reader (tcp(7), `tcp_rmem`): a camera that
 * has to wait for room holds its pictures back, and some of them throw those away.
 */
const TURN_BYTES = 48 * 1024;
/** A turn of few pictures says little of the next one, which may bring the key frame. */
const MAX_GROWTH = 1.5;

/** How long a stream waits at first: 48 kB of one of 4 Mbit/s. */
export const FIRST_TURN_MS = 100;

/** How long a stream waits for its next turn when one of `turnMs` brought so many bytes. */
export function nextTurnMs(turnMs: number, bytes: number): number {
  const growth = Math.min(MAX_GROWTH, TURN_BYTES / Math.max(1, bytes));
  return Math.min(MAX_TURN_MS, Math.max(SLOT_MS, turnMs * growth));
}

/**
 * Streams that nobody looks at are not read with every packet that comes but four to forty times a second, the more they bring
 * the more often: the system keeps their bytes meanwhile, and one read brings several pictures. A read costs more than what is
 * done with the bytes, and a camera's state that was looked at for one picture is still at hand for the next.
 *
 * A socket that paused after its read is resumed when its slot comes around.
 */
export class ReadTurns {
  private readonly slots: Paused[][] = Array.from({ length: SLOTS }, () => []);
  private slot = 0;
  private timer: Timer | undefined;

  constructor(private readonly clock: Clock) {}

  /** It has just been read and reads no more until it is resumed, once, after about `turnMs` of 25 to 250. */
  wait(paused: Paused, turnMs: number): void {
    const ahead = Math.min(SLOTS - 1, Math.max(1, Math.round(turnMs / SLOT_MS)));
    this.slots[(this.slot + ahead) % SLOTS]!.push(paused);
    this.timer ??= this.clock.every(SLOT_MS, () => this.turn());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private turn(): void {
    this.slot = (this.slot + 1) % SLOTS;
    const due = this.slots[this.slot]!;
    if (due.length === 0) return;
    this.slots[this.slot] = [];
    for (const paused of due) paused.resume();
  }
}
