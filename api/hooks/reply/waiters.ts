/** How many callers of this process wait for the answers of runs. */
const ALL = 2_000;
/** How many of one address: callers of others must find a place. */
const EACH = 500;

/** Bounds the callers that wait for the answers of runs. */
export interface Waiters {
  /** @returns what is to be called when the caller no longer waits; null if too many wait */
  enter(address: string): (() => void) | null;
}

export function createWaiters({ all = ALL, each = EACH } = {}): Waiters {
  const inside = new Map<string, number>();
  let count = 0;
  return {
    enter: (address) => {
      const own = inside.get(address) ?? 0;
      if (count >= all || own >= each) return null;
      count++;
      inside.set(address, own + 1);
      return () => {
        count--;
        const left = (inside.get(address) ?? 1) - 1;
        if (left === 0) inside.delete(address);
        else inside.set(address, left);
      };
    },
  };
}
