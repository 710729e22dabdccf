import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** How many seconds' worth of requests may come at once after a quiet time. */
const BURST_SECONDS = 2;

/**
 * Takes one of the requests that an address may get. Nothing was asked of the database before, so that a flood costs little.
 *
 * @throws ApiProblem `hook.tooMany`
 */
export async function takeRate({ throttle, hookRate }: Context, token: string): Promise<void> {
  const rate = { limit: hookRate, perMs: 1_000, burst: hookRate * BURST_SECONDS };
  const { allowed, retryAfterMs } = await throttle.take(`hook/${token}`, rate);
  if (allowed) return;
  throw new ApiProblem('hook.tooMany', `This webhook takes ${hookRate} requests a second. Send this one again soon.`, {
    retryAfterMs,
  });
}
