import { ApiProblem } from './http/problem.ts';

/**
 * How many requests of one address are worked on at a time. All that is under way has its part in each round of the
 * event loop, so a request to another address waits for as many. This many are enough to share transactions.
 */
const AT_ONCE = 24;
/** How many requests of one address may be worked on or wait. More are told to come again. */
const IN_LINE = 100;

/** Keeps the requests of one address from delaying those of others: they wait for their share. */
export interface Shares {
  /** Why a request that has just come is not worked on; null: it may begin. */
  refusal(address: string): ApiProblem | null;
  /** Works on a request that has just come. @throws ApiProblem `hook.busy` if many others of the address wait */
  begin<T>(address: string, work: () => Promise<T>): Promise<T>;
  /** Works on a request once more. Its body was received meanwhile, so it is not refused any more. */
  goOn<T>(address: string, work: () => Promise<T>): Promise<T>;
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
  const goOn = async <T>(address: string, work: () => Promise<T>): Promise<T> => {
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
  const refusal = (address: string): ApiProblem | null => {
    const line = lines.get(address);
    return line && line.working + line.waiting.length >= inLine ? busy(inLine) : null;
  };
  return {
    refusal,
    begin: async (address, work) => {
      const problem = refusal(address);
      if (problem) throw problem;
      return goOn(address, work);
    },
    goOn,
  };
}

const busy = (count: number): ApiProblem =>
  new ApiProblem('hook.busy', `${count} requests to this address are being worked on. Send it again soon.`);
