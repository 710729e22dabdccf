/**
 * Lets one after another ask about a line. Whoever decides about a line holds a connection of the pool while it waits for
 * whoever decided before, so a crowd that asks at once would take all connections from the runs of other workflows.
 */
export interface LineGate {
  /**
   * Does the work when it is its turn.
   *
   * @throws what `work` throws; the reason of the signal if nobody waits for the answer any more
   */
  pass<T>(line: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createLineGate(): LineGate {
  const lastOf = new Map<string, Promise<unknown>>();
  return {
    pass: (line, signal, work) => {
      const before = lastOf.get(line) ?? Promise.resolve();
      const mine = before.then(() => {
        signal.throwIfAborted();
        return work();
      });
      // However the work ends, the next one begins.
      const over = mine.then(
        () => undefined,
        () => undefined,
      );
      lastOf.set(line, over);
      void over.then(() => {
        if (lastOf.get(line) === over) lastOf.delete(line);
      });
      return mine;
    },
  };
}
