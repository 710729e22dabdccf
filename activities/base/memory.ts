/** Memory that the steps of a process share for the data they receive. */
export interface Memory {
  /** The part of one step. */
  share(): Share;
}

/** What one step holds of it. */
export interface Share {
  /** Waits until there is room for more bytes. @throws the reason of `signal` */
  hold(bytes: number, signal: AbortSignal): Promise<void>;
  /** The step has ended. */
  release(): void;
}

interface Holder {
  bytes: number;
  /** Called when there may be room. */
  retry: (() => void) | null;
}

/**
 * Limits what steps hold together, because a thousand of them may receive an answer at the same time. The step that has
 * held memory for the longest time never waits, so that one after the other comes to its end.
 */
export function createMemory(limit: number): Memory {
  // In the order in which the steps began to hold memory.
  const holders = new Set<Holder>();
  let total = 0;

  const hasRoom = (holder: Holder, bytes: number): boolean =>
    total + bytes <= limit || holders.values().next().value === holder;

  const hold = async (holder: Holder, bytes: number, signal: AbortSignal): Promise<void> => {
    holders.add(holder);
    while (!hasRoom(holder, bytes)) {
      const turn = Promise.withResolvers<void>();
      holder.retry = turn.resolve;
      signal.addEventListener('abort', turn.resolve as () => void);
      await turn.promise;
      signal.removeEventListener('abort', turn.resolve as () => void);
      signal.throwIfAborted();
    }
    holder.bytes += bytes;
    total += bytes;
  };

  const release = (holder: Holder): void => {
    total -= holder.bytes;
    holder.bytes = 0;
    holders.delete(holder);
    for (const { retry } of holders) retry?.();
  };

  return {
    share: () => {
      const holder: Holder = { bytes: 0, retry: null };
      return {
        hold: (bytes, signal) => hold(holder, bytes, signal),
        release: () => release(holder),
      };
    },
  };
}
