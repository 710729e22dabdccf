import { parseServiceJson } from '../../../graph/exact-json.ts';
import { isMap, type Json, type JsonObject } from '../../../graph/json.ts';
import { holdsTooMuch } from '../../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../../graph/limits.ts';
import type { ProviderContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { calling } from '../../failures/classify.ts';
import { boundedBody } from '../../network/bounded-body.ts';
import { errors } from './errors.ts';

/** What a call needs of a node's context. */
export type Caller = Pick<ProviderContext, 'fetch' | 'excerpt' | 'signal'>;

/** One method of a provider, called. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly Json[];
  /** The call may change something that repeating would change again. */
  readonly writes?: boolean;
}

/** No answer of a provider that we ask for comes near this size. */
const LARGEST_ANSWER = 8 * 1024 * 1024;

/** A provider that is silent for this long is of no use now. */
const PATIENCE_MS = 15_000;

/** An answer to a call. */
interface RpcAnswer {
  readonly id?: Json;
  readonly error?: { readonly code?: Json; readonly message?: Json };
  readonly result?: Json;
}

/**
 * Calls a method of a provider by JSON-RPC 2.0 and returns its result, with every digit of its numbers: an integer
 * beyond 2^53 arrives as text. The library's own transport would read amounts as numbers, repeat requests that
 * were answered 429, and open sockets past the guard.
 *
 * @throws NodeError `solana.rpc` if the provider answers with an error; `solana.*` for broken connections and statuses
 */
export async function callRpc(ctx: Caller, url: string, call: RpcCall): Promise<Json> {
  const { method, params, writes = false } = call;
  const answer = await exchange(ctx, url, { what: method, writes, body: { jsonrpc: '2.0', id: 1, method, params } });
  if (!isObject(answer)) throw unreadable(method, writes);
  const result = resultOf(ctx, call, answer);
  if (result instanceof NodeError) throw result;
  return result;
}

/**
 * Makes several calls that only read, in one request. What a call was refused with stands in the place of its result.
 *
 * @returns null if the provider takes no batches
 * @throws NodeError `solana.*` for broken connections and statuses
 */
export async function callBatch(
  ctx: Caller,
  url: string,
  calls: readonly RpcCall[],
): Promise<readonly (Json | NodeError)[] | null> {
  const body = calls.map(({ method, params }, id): Json => ({ jsonrpc: '2.0', id, method, params: [...params] }));
  const answer = await exchange(ctx, url, { what: 'a batch of calls', writes: false, body }).catch((error: unknown) => {
    if (error instanceof NodeError && TAKES_NO_BATCH.has(error.code)) return null;
    throw error;
  });
  if (!Array.isArray(answer)) return null;
  const byId = new Map(answer.filter(isObject).map((one) => [Number(one.id), one]));
  return calls.map((call, id) => resultOf(ctx, call, byId.get(id) ?? {}));
}

/** Statuses with which providers refuse a batch as such. */
const TAKES_NO_BATCH = new Set([400, 402, 403, 404, 405, 413, 415, 422, 501].map((status) => `solana.${status}`));

/** Sends a request, and reads the JSON of its answer. */
async function exchange(
  ctx: Caller,
  url: string,
  { what, writes, body }: { readonly what: string; readonly writes: boolean; readonly body: object },
): Promise<Json> {
  return calling(ctx, errors, { what, writes }, async () => {
    const response = await ctx.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const tooMuch = () => tooLarge(writes);
    const text = (await boundedBody(response, LARGEST_ANSWER, tooMuch)).toString('utf8');
    if (!response.ok) throw { status: response.status, headers: response.headers, body: text };
    if (holdsTooMuch(text)) throw tooMuch();
    try {
      return parseServiceJson(text);
    } catch {
      // Half an answer is none.
      throw unreadable(what, writes);
    }
  });
}

function resultOf(ctx: Caller, { method, writes = false }: RpcCall, { error, result }: RpcAnswer): Json | NodeError {
  if (error) return refusal(ctx, method, error, writes);
  return result === undefined ? unreadable(method, writes) : result;
}

const isObject = (value: Json): value is RpcAnswer & JsonObject => isMap(value);

/** Codes of JSON-RPC that say that another provider, or the same one later, may answer. */
const TRANSIENT = new Set([-32004, -32005, -32007, -32014, -32016, -32603, 429]);

function refusal(
  ctx: Caller,
  method: string,
  { code, message }: { readonly code?: Json; readonly message?: Json },
  writes: boolean,
): NodeError {
  const said = typeof message === 'string' ? ctx.excerpt(message, 300) : 'no reason given';
  return new NodeError('solana.rpc', `${method}: ${said}`, {
    retryable: TRANSIENT.has(Number(code)),
    unknown: writes && code === -32603,
    details: { method, code: code ?? null },
  });
}

const unreadable = (method: string, unknown: boolean): NodeError =>
  new NodeError('solana.answer', `${method}: the provider answered what is no answer of JSON-RPC 2.0.`, {
    retryable: !unknown,
    unknown,
  });

const tooLarge = (unknown: boolean): NodeError =>
  new NodeError(
    'solana.answer',
    `The answer of the provider is larger than 8 MB, or holds more than ${MOST_OF_JSON}.`,
    {
      unknown,
    },
  );
