/**
 * Does the work for each item, a few at a time, and returns the results in the order of the items. After a failure
 * nothing new begins, but what has begun is waited for, because its result can still be kept.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const workOff = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, workOff));
  if (failures.length > 0) throw failures[0];
  return results;
}
