/**
 * How many requests of one address are worked on at a time. All that is under way has its part in each round of the event loop,
 * and a connection of the database, so a request to another address waits for as many. This many are enough to share
 * transactions, and leave connections to others.
 */
const AT_ONCE = 12;
/** A request weighs one more for so many bytes of its body, because its parts of each round are longer. */
const BYTES_OF_A_WEIGHT = 25_000;
/** How much more a run by Temporal weighs, which costs more than ten times as much. */
const WEIGHT_OF_DURABLE = 5;

/** How much of its address's share a request takes. 1: a small one whose run only computes. */
export const weightOf = ({ bytes, isDurable }: { readonly bytes: number; readonly isDurable: boolean }): number =>
  1 + Math.floor(bytes / BYTES_OF_A_WEIGHT) + (isDurable ? WEIGHT_OF_DURABLE : 0);
/** How many requests of one address may be worked on or wait. More are told to come again. */
const IN_LINE = 100;

/** Keeps the requests of one address from delaying those of others: they wait for their share. */
export interface Shares {
  /** Whether so many requests of an address are worked on, or wait, that one which has just come is to come again. */
  isFull(address: string): boolean;
  /** Works on a request when its address has a share left. `weight`: 1 unless given, see `weightOf`. */
  work<T>(address: string, work: () => Promise<T>, weight?: number): Promise<T>;
}

interface Line {
  working: number;
  /** How many places those take that are worked on. */
  taken: number;
  readonly waiting: { readonly places: number; readonly begin: () => void }[];
}

export function createShares({ atOnce = AT_ONCE, inLine = IN_LINE } = {}): Shares {
  const lines = new Map<string, Line>();
  const begin = (line: Line, places: number): void => {
    line.working++;
    line.taken += places;
  };
  const leave = (address: string, line: Line, places: number): void => {
    line.working--;
    line.taken -= places;
    for (let next = line.waiting[0]; next && line.taken + next.places <= atOnce; next = line.waiting[0]) {
      line.waiting.shift();
      begin(line, next.places);
      next.begin();
    }
    if (line.working === 0) lines.delete(address);
  };
  return {
    isFull: (address) => {
      const line = lines.get(address);
      return line !== undefined && line.working + line.waiting.length >= inLine;
    },
    work: async (address, work, weight = 1) => {
      const places = Math.min(atOnce, weight);
      const line = lines.get(address) ?? { working: 0, taken: 0, waiting: [] };
      lines.set(address, line);
      if (line.waiting.length === 0 && line.taken + places <= atOnce) begin(line, places);
      else await new Promise<void>((resolve) => line.waiting.push({ places, begin: resolve }));
      try {
        return await work();
      } finally {
        leave(address, line, places);
      }
    },
  };
}
