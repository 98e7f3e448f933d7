/** Main streams that a page shows at once because its tiles are large: each is as much work as several sub streams. */
const MAX_MAIN_TILES = 4;

/** Who of a page's tiles may show main for its size. */
export class MainBudget {
  private readonly holders = new Set<object>();

  /** `true` when `holder` may, or may already. */
  take(holder: object): boolean {
    if (this.holders.size >= MAX_MAIN_TILES && !this.holders.has(holder)) return false;
    this.holders.add(holder);
    return true;
  }

  free(holder: object): void {
    this.holders.delete(holder);
  }
}
