import { setTimeout } from 'node:timers/promises';
import type { Json } from '../../../graph/json.ts';
import type { ProviderContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { callBatch, callRpc, type RpcCall } from '../chain/json-rpc.ts';

/** What a watch needs of its context to call a provider at the pace of its connection. */
export type Paced = Pick<ProviderContext, 'fetch' | 'excerpt' | 'signal' | 'rate'>;

/** A provider, called many times. What a call was refused with stands in the place of its result. */
export interface Line {
  /** Host of the provider, for people. */
  readonly name: string;
  /** @throws NodeError if the provider cannot be reached, or asks for a pause */
  ask(calls: readonly RpcCall[]): Promise<readonly (Json | NodeError)[]>;
}

/** Calls of one request. */
const BATCH = 20;

/** Requests under way at the same time, to a provider that takes no batches. */
const AT_ONCE = 6;

/**
 * Opens a line to a provider. Each call takes its turn under the connection's rate limit, also within a batch, because
 * that is how providers count.
 */
export function openLine(ctx: Paced, url: string): Line {
  let takesBatches = true;

  const single = async (call: RpcCall): Promise<Json | NodeError> => {
    try {
      return await patiently(ctx, () => callRpc(ctx, url, call));
    } catch (error) {
      // The provider was reached, and refused this call alone.
      if (error instanceof NodeError && (error.code === 'solana.rpc' || error.code === 'solana.answer')) return error;
      throw error;
    }
  };

  const batch = async (calls: readonly RpcCall[]): Promise<readonly (Json | NodeError)[] | null> => {
    try {
      return await patiently(ctx, () => callBatch(ctx, url, calls));
    } catch (error) {
      // Together the answers were too large, or half an answer came: each call may still be answered alone.
      if (error instanceof NodeError && error.code === 'solana.answer') return singles(calls);
      throw error;
    }
  };

  const singles = async (calls: readonly RpcCall[]): Promise<readonly (Json | NodeError)[]> => {
    const results: (Json | NodeError)[] = [];
    for (let from = 0; from < calls.length; from += AT_ONCE)
      results.push(...(await Promise.all(calls.slice(from, from + AT_ONCE).map(single))));
    return results;
  };

  const some = async (calls: readonly RpcCall[]): Promise<readonly (Json | NodeError)[]> => {
    for (const _ of calls) await ctx.rate.turn();
    if (takesBatches && calls.length > 1) {
      const results = await batch(calls);
      if (results) return results;
      takesBatches = false;
    }
    return singles(calls);
  };

  return {
    name: new URL(url).host,
    ask: async (calls) => {
      const results: (Json | NodeError)[] = [];
      for (let from = 0; from < calls.length; from += BATCH)
        results.push(...(await some(calls.slice(from, from + BATCH))));
      return results;
    },
  };
}

/** How often a provider is asked again that has asked for a pause, and for how long it is waited for. */
const PATIENT_TIMES = 3;
const PATIENT_MS = 10_000;

/** Does what a provider answers with 429 once more after the pause that it asks for, and lets all others wait, too. */
async function patiently<T>(ctx: Paced, work: () => Promise<T>): Promise<T> {
  for (let times = 1; ; times += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NodeError && error.code === 'solana.429')) throw error;
      const ms = error.retryAfterMs ?? 1_000 * times;
      await ctx.rate.heed({ status: 429, headers: { 'retry-after': String(Math.ceil(ms / 1_000)) } });
      if (times === PATIENT_TIMES || ms > PATIENT_MS) throw error;
      await setTimeout(ms, undefined, { signal: ctx.signal });
    }
  }
}

/** The result of one call. @throws what the provider has refused it with */
export async function askOne(line: Line, call: RpcCall): Promise<Json> {
  const [answer] = await line.ask([call]);
  if (answer instanceof NodeError) throw answer;
  return answer ?? null;
}
