import type { Rate, Throttle, Verdict } from '../throttle/index.ts';

/** How many seconds' worth of requests may come at once after a quiet time. */
const BURST_SECONDS = 2;
const TAKEN: Verdict = { allowed: true, retryAfterMs: 0 };

/** Counts the requests that the addresses of webhooks get. */
export interface HookRates {
  /**
   * Takes one of the requests that an address may get.
   *
   * @param request what stands for the request: for each, one is taken, however often it is asked for at one address
   */
  take(token: string, request?: object): Promise<Verdict>;
}

export function createHookRates(throttle: Throttle, perSecond: number): HookRates {
  const rate: Rate = { limit: perSecond, perMs: 1_000, burst: perSecond * BURST_SECONDS };
  const taken = new WeakMap<object, string>();
  return {
    take: async (token, request) => {
      if (request && taken.get(request) === token) return TAKEN;
      const verdict = await throttle.take(`hook/${token}`, rate);
      if (request && verdict.allowed) taken.set(request, token);
      return verdict;
    },
  };
}
