import { holdsTooMuch } from '../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../graph/limits.ts';
import type { ProviderContext } from '../context.ts';
import { NodeError } from '../error.ts';
import type { Fetch } from '../network/guarded-fetch.ts';

/** Largest answer of a model: the longest that any model writes has less than one MiB of text. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Largest answer with an image in it, as base64. */
export const MAX_IMAGE_ANSWER_BYTES = 64 * 1024 * 1024;

/** Statuses whose answers have no body. */
const EMPTY = new Set([204, 205, 304]);

/** What requests to a provider of models need of a node's context. */
export type ModelClientContext = Pick<ProviderContext, 'connection' | 'fetch' | 'signal' | 'hold' | 'rate'>;

/** What a list of models needs: it is loaded for an author, not for a step. */
export type ModelListContext = ModelClientContext & Pick<ProviderContext, 'excerpt'>;

/** For requests that no step waits for: a single one, which brings little. */
export const WITHOUT_LIMITS: Pick<ModelClientContext, 'hold' | 'rate'> = {
  hold: () => Promise.resolve(),
  rate: { turn: () => Promise.resolve(), heed: () => Promise.resolve() },
};

/**
 * `ctx.fetch` for the library of a provider: takes its turn at the shared limits, heeds what answers say about them, and
 * reads each answer to its end, within a limit. A library then never waits for half an answer.
 */
export function boundedFetch(ctx: Omit<ModelClientContext, 'connection'>, maxBytes = MAX_ANSWER_BYTES): Fetch {
  return async (input, init) => {
    await ctx.rate.turn();
    const response = await ctx.fetch(input, init);
    const { status, headers } = response;
    const body = await readAll(ctx, response, maxBytes);
    await ctx.rate.heed({ status, headers: Object.fromEntries(headers) });
    return new Response(EMPTY.has(status) ? null : body, { status, headers });
  };
}

async function readAll(
  ctx: Pick<ModelClientContext, 'hold'>,
  { body }: Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    // Leaving the loop ends the request.
    if (size > maxBytes) throw tooMuch(`than ${maxBytes / 1_048_576} MiB and was not read to its end`);
    await ctx.hold(part.byteLength);
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  if (holdsTooMuch(Buffer.from(whole.buffer).toString('latin1'))) throw tooMuch(`values than ${MOST_OF_JSON}`);
  return whole;
}

const tooMuch = (what: string): NodeError =>
  new NodeError('ai.tooLarge', `The answer of the model has more ${what}. Ask for less.`, { unknown: true });
