/** Runs `task` on every item, at most `lanes` at a time. No item is begun after `signal` aborts. Tasks must not reject. */
export async function runInLanes<T>(
  items: Iterable<T>,
  lanes: number,
  signal: AbortSignal,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && !signal.aborted; next = iterator.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
