/**
 * How many requests of one address are worked on at a time. All that is under way has its part in each round of the
 * event loop, so a request to another address waits for as many. This many are enough to share transactions.
 */
const AT_ONCE = 24;
/** How many requests of one address may be worked on or wait before those that come are told to come again. */
export const IN_LINE = 100;

/** Keeps the requests of one address from delaying those of others: they wait for their share. */
export interface Shares {
  /** Whether so many requests of the address are worked on or wait that one which has just come should come again. */
  isFull(address: string): boolean;
  /** Works on a request when its turn has come. Also if the line is full: the request may have been let in before. */
  use<T>(address: string, work: () => Promise<T>): Promise<T>;
}

interface Line {
  working: number;
  readonly waiting: (() => void)[];
}

export function createShares({ atOnce = AT_ONCE, inLine = IN_LINE } = {}): Shares {
  const lines = new Map<string, Line>();
  const leave = (address: string, line: Line): void => {
    const next = line.waiting.shift();
    if (next) return next();
    line.working--;
    if (line.working === 0) lines.delete(address);
  };
  const use = async <T>(address: string, work: () => Promise<T>): Promise<T> => {
    const line = lines.get(address) ?? { working: 0, waiting: [] };
    lines.set(address, line);
    if (line.working < atOnce) line.working++;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    try {
      return await work();
    } finally {
      leave(address, line);
    }
  };
  return {
    isFull: (address) => {
      const line = lines.get(address);
      return line !== undefined && line.working + line.waiting.length >= inLine;
    },
    use,
  };
}
