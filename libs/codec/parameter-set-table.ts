import { MAX_PARAMETER_SETS_PER_KIND } from './limits.ts';

/** Parameter sets of one kind by their id: a new one with a known id takes the place of the old (H.264 §7.4.1.2.1). */
export class ParameterSetTable<Parsed> {
  private readonly sets = new Map<number, { readonly bytes: Buffer; readonly parsed: Parsed }>();
  /** The one that came last, changed or not: what the pictures after it refer to, as far as can be told without them. */
  private latestId = -1;

  get latest(): Parsed | undefined {
    return this.sets.get(this.latestId)?.parsed;
  }

  /** Whether exactly these bytes are kept already. Makes no object: cameras repeat their sets with every key picture. */
  holds(source: Buffer, from: number, to: number): boolean {
    for (const [id, { bytes }] of this.sets) {
      if (bytes.length !== to - from || source.compare(bytes, 0, bytes.length, from, to) !== 0) continue;
      this.latestId = id;
      return true;
    }
    return false;
  }

  /** `bytes` becomes the table's own. `false` when there is no room for another id. */
  put(id: number, bytes: Buffer, parsed: Parsed): boolean {
    if (!this.sets.has(id) && this.sets.size >= MAX_PARAMETER_SETS_PER_KIND) return false;
    this.sets.set(id, { bytes, parsed });
    this.latestId = id;
    return true;
  }

  /** In order of their ids; only those that `belongs` accepts. */
  list(belongs: (parsed: Parsed) => boolean = () => true): readonly Buffer[] {
    const chosen = [...this.sets].filter(([, { parsed }]) => belongs(parsed));
    return chosen.sort(([a], [b]) => a - b).map(([, { bytes }]) => bytes);
  }

  some(belongs: (parsed: Parsed) => boolean): boolean {
    for (const { parsed } of this.sets.values()) if (belongs(parsed)) return true;
    return false;
  }
}
