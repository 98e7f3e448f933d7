/**
 * Chance that can be had again: the same seed gives the same throws. Each part of the town throws dice of its own
 * ({@link fork}), so that one more throw of one unit changes nothing for the others. mulberry32 (Tommy Ettinger, public
 * domain) behind an FNV-1a hash of the seed: quick and even enough for a pretended town, and for nothing secret.
 */
export class Dice {
  private state: number;

  constructor(private readonly seed: string) {
    this.state = hashOf(seed);
  }

  fork(name: string): Dice {
    return new Dice(`${this.seed}/${name}`);
  }

  /** 0 <= share < 1. */
  share(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.share();
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  /** @throws for an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('there is nothing to pick from');
    return list[Math.floor(this.share() * list.length)]!;
  }

  /** The more weight, the more often. @throws when nothing has any. */
  weighted<T>(list: readonly T[], weightOf: (one: T) => number): T {
    const total = list.reduce((sum, one) => sum + weightOf(one), 0);
    let left = this.share() * total;
    for (const one of list) {
      left -= weightOf(one);
      if (left < 0) return one;
    }
    throw new Error('nothing has any weight');
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.share())) * Math.cos(2 * Math.PI * this.share());
  }

  /** Time to the next of events that come by chance, so many `mean` apart (Poisson). */
  gap(mean: number): number {
    return -Math.log(1 - this.share()) * mean;
  }
}

/** FNV-1a of 32 bits (draft-eastlake-fnv §5) over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
