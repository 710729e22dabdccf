import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';

/** How long the provider may take to answer: a step that is cancelled must end soon. */
const GRACE_MS = 4_000;

/**
 * Tells the provider to stop an answer in the background. The signal of the step has ended, so the request has one of its own.
 *
 * @returns the answer as it was stopped, or null if the provider did not say
 */
export async function cancelResponse(ctx: NodeContext, id: string): Promise<unknown> {
  const signal = AbortSignal.timeout(GRACE_MS);
  const own = {
    connection: ctx.connection,
    signal,
    fetch: guardedFetch(ctx.network, signal),
    hold: () => Promise.resolve(),
    // No turn is taken: it would be waited for, and the request makes room for others.
    rate: { turn: () => Promise.resolve(), heed: ctx.rate.heed },
  };
  const call = { what: 'POST /responses/…/cancel', writes: true, mayRepeat: true };
  try {
    const { client } = await openClient(own);
    const path = `/responses/${encodeURIComponent(id)}/cancel`;
    return await calling({ ...own, excerpt: ctx.excerpt }, errors, call, () => client.post(path, { signal }));
  } catch (error) {
    const reason = error instanceof NodeError ? error.message : String(error);
    ctx.log.warn('The provider was not told that nobody waits for its answer any more.', { id, reason });
    return null;
  }
}
