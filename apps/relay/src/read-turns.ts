import type { Clock, Timer } from '#libs/base';

/** What is read in turns: a socket, or whatever stands for it. */
export interface Paused {
  resume(): void;
}

/** A turn comes around after this long. */
const ROUND_MS = 100;
/** Sockets of one slot are read together; the others meanwhile wait for theirs, so that no turn blocks for long. */
const SLOTS = 4;

/**
 * Streams that nobody looks at are read ten times a second instead of with every packet that comes: the system keeps their
 * bytes meanwhile (25 kB of 2 Mbit/s), and one read brings two or three pictures. A read costs more than what is done with
 * the bytes, and a camera's state that was looked at for one picture is still at hand for the next: with 300 cameras this
 * halves the work of the relay.
 *
 * A socket that paused after its read is resumed when its slot comes around.
 */
export class ReadTurns {
  private readonly slots: Paused[][] = Array.from({ length: SLOTS }, () => []);
  private slot = 0;
  private timer: Timer | undefined;

  constructor(private readonly clock: Clock) {}

  /** It has just been read and reads no more until it is resumed, once, within {@link ROUND_MS}. */
  wait(paused: Paused): void {
    this.slots[this.slot]!.push(paused);
    this.timer ??= this.clock.every(ROUND_MS / SLOTS, () => this.turn());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private turn(): void {
    this.slot = (this.slot + 1) % SLOTS;
    const due = this.slots[this.slot]!;
    this.slots[this.slot] = [];
    for (const paused of due) paused.resume();
  }
}
