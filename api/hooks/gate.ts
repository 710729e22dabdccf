import { ApiProblem } from '../http/problem.ts';

/** How many requests of one address are received at a time. More are told to come again. */
const AT_ONCE = 100;

/** Keeps a flood at one address from holding up the others. */
export interface Gate {
  /** Does the work, unless too much is being done for this address. @throws ApiProblem `hook.busy` */
  pass<T>(address: string, work: () => Promise<T>): Promise<T>;
}

export function createGate(atOnce = AT_ONCE): Gate {
  const inside = new Map<string, number>();
  return {
    pass: async (address, work) => {
      const count = inside.get(address) ?? 0;
      if (count >= atOnce)
        throw new ApiProblem('hook.busy', `${atOnce} requests to this address are being received. Send it again soon.`);
      inside.set(address, count + 1);
      try {
        return await work();
      } finally {
        const left = (inside.get(address) ?? 1) - 1;
        if (left === 0) inside.delete(address);
        else inside.set(address, left);
      }
    },
  };
}
