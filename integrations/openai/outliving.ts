import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { type OpenAiClient, openClient } from './client.ts';
import { errors } from './errors.ts';

/** How long a request may go on when its step has ended: a step that is cancelled must end soon. */
const GRACE_MS = 3_000;

/**
 * Makes a request that does not end together with its step, but a little later: what it says to the provider, or learns from
 * it, is needed although nobody waits for the step any more.
 */
export async function outlivingStep<T>(
  ctx: NodeContext,
  request: (client: OpenAiClient['client'], signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => late.abort(ctx.signal.reason), GRACE_MS);
  };
  if (ctx.signal.aborted) begin();
  else ctx.signal.addEventListener('abort', begin, { once: true });
  try {
    const { client } = await openClient({
      connection: ctx.connection,
      signal: late.signal,
      fetch: guardedFetch(ctx.network, late.signal),
      // A step that has ended gets neither memory nor a turn, and the request makes room for others.
      hold: async (bytes) => void (ctx.signal.aborted || (await ctx.hold(bytes))),
      rate: { turn: async () => void (ctx.signal.aborted || (await ctx.rate.turn())), heed: ctx.rate.heed },
    });
    return await request(client, late.signal);
  } finally {
    clearTimeout(timer);
    ctx.signal.removeEventListener('abort', begin);
  }
}

/**
 * Tells the provider to stop an answer in the background.
 *
 * @returns the answer as it was stopped, or null if the provider did not say
 */
export async function cancelResponse(ctx: NodeContext, id: string): Promise<unknown> {
  const call = { what: 'POST /responses/…/cancel', writes: true, mayRepeat: true };
  const path = `/responses/${encodeURIComponent(id)}/cancel`;
  try {
    return await outlivingStep(ctx, (client, signal) =>
      calling({ excerpt: ctx.excerpt, signal }, errors, call, () => client.post(path, { signal })),
    );
  } catch (error) {
    const reason = error instanceof NodeError ? error.message : String(error);
    ctx.log.warn('The provider was not told that nobody waits for its answer any more.', { id, reason });
    return null;
  }
}
