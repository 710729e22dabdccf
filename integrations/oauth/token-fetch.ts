import type { JsonObject } from '../../graph/json.ts';
import type { Network } from '../context.ts';
import { NodeError } from '../error.ts';
import type { OAuthProvider } from './provider.ts';
import { standardAnswer } from './token-body.ts';

/** Largest answer that is read: tokens with many claims have a few KB. */
const MAX_BYTES = 65_536;

/** Longest wait that a service may ask for. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** What `fetch` is called with by the OAuth library. */
interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A place for one request to a token endpoint. */
export interface TokenCall {
  readonly network: Network;
  readonly provider: OAuthProvider;
  readonly timeoutMs: number;
}

/**
 * A `fetch` for the OAuth library. It goes out through the guarded network, follows no redirect, sends the body as the
 * service wants it, and returns the answer in the standard's form.
 *
 * @throws NodeError `oauth.unavailable`, `oauth.network` (both retryable), `oauth.answer`, `network.forbidden`
 */
export const tokenFetch =
  (call: TokenCall) =>
  async (url: string, asked: Asked): Promise<Response> => {
    const { status, type, text, retryAfter } = await exchange(call, url, asked);
    if (status >= 500 || status === 429 || status === 408) throw unavailable(url, status, retryAfter);
    const answer = parsed(type, text);
    if (answer === null) throw notTokens(url, status);
    const standard = standardAnswer(status, answer, call.provider);
    return Response.json(standard.body, { status: standard.status });
  };

async function exchange({ network, provider, timeoutMs }: TokenCall, url: string, asked: Asked) {
  const { request } = await import('undici');
  const isJson = provider.body === 'json';
  const form = new URLSearchParams(asked.body as URLSearchParams | undefined);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: network.dispatcher,
      method: 'POST',
      headers: {
        ...asked.headers,
        accept: 'application/json',
        'user-agent': 'Blok',
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      },
      body: isJson ? JSON.stringify(Object.fromEntries(form)) : form.toString(),
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const text = await limited(body, url);
    return {
      status: statusCode,
      type: String(headers['content-type'] ?? ''),
      text,
      retryAfter: String(headers['retry-after'] ?? ''),
    };
  } catch (error) {
    if (error instanceof NodeError) throw error;
    const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : wordsOf(error);
    throw new NodeError('oauth.network', `${hostOf(url)} could not be asked for a token: ${reason}.`, {
      retryable: true,
      // The token may have been given, and the answer lost.
      unknown: true,
      cause: error,
    });
  }
}

async function limited(body: AsyncIterable<Buffer>, url: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > MAX_BYTES)
      throw new NodeError('oauth.answer', `${hostOf(url)} answered with more than ${MAX_BYTES} bytes.`);
    parts.push(part);
  }
  // Without a byte order mark, which some services send.
  return new TextDecoder().decode(Buffer.concat(parts));
}

/**
 * Some services answer with a form unless asked otherwise, and some although they were asked. What they call it is not always
 * what it is: a code and a rotated refresh token are spent, so the answer is read by what it looks like.
 */
function parsed(type: string, text: string): JsonObject | null {
  const answer = jsonIn(text);
  if (answer !== undefined) return isObject(answer) ? answer : null;
  const form = new URLSearchParams(text);
  const isForm = type.includes('x-www-form-urlencoded') || form.has('access_token') || form.has('error');
  return isForm ? Object.fromEntries(form) : null;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function unavailable(url: string, status: number, retryAfter: string): NodeError {
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return new NodeError('oauth.unavailable', `${hostOf(url)} answered ${status} when it was asked for a token.`, {
    retryable: true,
    ...(ms > 0 && { retryAfterMs: Math.min(ms, MAX_RETRY_AFTER_MS) }),
  });
}

const notTokens = (url: string, status: number): NodeError =>
  new NodeError(
    'oauth.answer',
    `${hostOf(url)} answered ${status} with something other than tokens. Is the token address of the connection right?`,
  );

const hostOf = (url: string): string => new URL(url).host;

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as { code?: unknown }).code ?? error.name) : String(error);
