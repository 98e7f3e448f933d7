import type { RoadNode } from '#libs/scheme';
import type { Dice } from './dice.ts';
import type { Drive } from './drive.ts';
import type { Navigator } from './navigator.ts';

/** Patrols go slowly: they are to be seen, and to see. */
const HASTE = 0.75;
/** At a corner: often a short look, sometimes a stand (punto táctico). */
const LOOK_MS = [4_000, 25_000] as const;
const STAND_MS = [60_000, 240_000] as const;
const STAND_SHARE = 0.3;

/** What a unit does that nobody called: from junction to junction of its beat, with stops. */
export class Patrol {
  private restUntilMs: number | null = null;

  constructor(
    private readonly drive: Drive,
    private readonly navigator: Navigator,
    private readonly beat: readonly RoadNode[],
    private readonly dice: Dice,
  ) {}

  step(nowMs: number): void {
    if (!this.drive.isThere) {
      this.restUntilMs = null;
      return;
    }
    this.restUntilMs ??= nowMs + this.restMs();
    if (nowMs < this.restUntilMs) return;
    this.restUntilMs = null;
    this.navigator.goToNode(this.dice.pick(this.beat).id, HASTE);
  }

  private restMs(): number {
    const [from, to] = this.dice.chance(STAND_SHARE) ? STAND_MS : LOOK_MS;
    return this.dice.between(from, to);
  }
}
