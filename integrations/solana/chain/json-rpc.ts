import { parseServiceJson } from '../../../graph/exact-json.ts';
import type { Json } from '../../../graph/json.ts';
import type { ProviderContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { calling } from '../../failures/classify.ts';
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

/**
 * Calls a method of a provider by JSON-RPC 2.0 and returns its result, with every digit of its numbers: an integer
 * beyond 2^53 arrives as text. The library's own transport would read amounts as numbers, repeat requests that
 * were answered 429, and open sockets past the guard.
 *
 * @throws NodeError `solana.rpc` if the provider answers with an error; `solana.*` for broken connections and statuses
 */
export async function callRpc(ctx: Caller, url: string, call: RpcCall): Promise<Json> {
  const { method, params, writes = false } = call;
  const answer = (await calling(ctx, errors, { what: method, writes }, async () => {
    const response = await ctx.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await textOf(response);
    if (!response.ok) throw { status: response.status, headers: response.headers, body: text };
    return parsed(text, method, writes);
  })) as { readonly error?: { readonly code?: Json; readonly message?: Json }; readonly result?: Json };
  if (answer.error) throw refusal(ctx, method, answer.error, writes);
  if (answer.result === undefined) throw unreadable(method, writes);
  return answer.result;
}

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

function parsed(text: string, method: string, writes: boolean): Json {
  try {
    const value = parseServiceJson(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // Said below: half an answer is none.
  }
  throw unreadable(method, writes);
}

const unreadable = (method: string, unknown: boolean): NodeError =>
  new NodeError('solana.answer', `${method}: the provider answered what is no answer of JSON-RPC 2.0.`, {
    retryable: !unknown,
    unknown,
  });

/** The body as text, up to a size. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > LARGEST_ANSWER) throw new NodeError('solana.answer', 'The answer of the provider is larger than 8 MB.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
