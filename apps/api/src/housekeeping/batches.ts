/** Rows that one statement removes at most: locks stay short and far from the statement timeout. */
export const BATCH_ROWS = 1_000;

/** Removes until a batch comes back less than full; `remove` takes the limit and answers how many it removed. */
export async function removeInBatches(remove: (limit: number) => Promise<number>): Promise<number> {
  let all = 0;
  for (;;) {
    const count = await remove(BATCH_ROWS);
    all += count;
    if (count < BATCH_ROWS) return all;
  }
}
