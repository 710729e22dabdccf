/**
 * How many requests of one address are worked on at a time. All that is under way has its part in each round of the
 * event loop, so a request to another address waits for as many. This many are enough to share transactions.
 */
const AT_ONCE = 24;

/** Keeps the requests of one address from delaying those of others, and refuses none: they wait for their share. */
export interface Shares {
  use<T>(address: string, work: () => Promise<T>): Promise<T>;
}

interface Line {
  working: number;
  readonly waiting: (() => void)[];
}

export function createShares(atOnce = AT_ONCE): Shares {
  const lines = new Map<string, Line>();
  const leave = (address: string, line: Line): void => {
    const next = line.waiting.shift();
    if (next) return next();
    line.working--;
    if (line.working === 0) lines.delete(address);
  };
  return {
    use: async (address, work) => {
      const line = lines.get(address) ?? { working: 0, waiting: [] };
      lines.set(address, line);
      if (line.working < atOnce) line.working++;
      else await new Promise<void>((resolve) => line.waiting.push(resolve));
      try {
        return await work();
      } finally {
        leave(address, line);
      }
    },
  };
}
