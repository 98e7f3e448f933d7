import { reasonOf, type Clock, type Logger, type Timer } from '#libs/base';

const TICK_MS = 4;

/** Something that has work to do as time passes. */
export interface Ticking {
  tick(): void;
}

/** The one timer behind all streams of all cameras. It runs while there is anything to send. */
export class Ticker {
  private readonly members = new Set<Ticking>();
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  add(member: Ticking): void {
    this.members.add(member);
    this.timer ??= this.clock.every(TICK_MS, () => this.tick());
  }

  remove(member: Ticking): void {
    this.members.delete(member);
    if (this.members.size > 0) return;
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** A member that throws is a bug of its own: it is taken out so that the others go on. */
  private tick(): void {
    for (const member of this.members) {
      try {
        member.tick();
      } catch (thrown) {
        this.logger.error({ reason: reasonOf(thrown) }, 'stream stopped by a bug');
        this.remove(member);
      }
    }
  }
}
