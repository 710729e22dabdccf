import { createHash } from 'node:crypto';
import type { NodeContext } from '../context.ts';
import { toMs } from '../schema.ts';
import { addressOf } from './address.ts';
import { bodyOf } from './body.ts';
import { statusError } from './errors.ts';
import { exchange, type HttpRequest, type HttpResponse } from './exchange.ts';
import { paginate } from './paginate.ts';
import type { HttpInput, HttpOutput } from './request.ts';
import { ACCEPT_ENCODING, decodeBody, excerpt, readBody } from './response.ts';

/** Bytes of a failed answer that are looked at for the error's details. */
const MAX_ERROR_BYTES = 65_536;

/** Sends what the author asked for: the work of `http.request`. */
export async function send(ctx: NodeContext, input: HttpInput): Promise<HttpOutput> {
  const request = await prepare(ctx, input);
  if (input.pagination) return paginate(ctx, input, input.pagination, request);
  const { response, bytes } = await fetchPage(ctx, input, request, input.maxBytes);
  return { ...outline(response), body: await decodeBody(ctx, response, bytes, input.responseAs) };
}

/** One page: sent, checked for success, read. */
export async function fetchPage(
  ctx: NodeContext,
  input: HttpInput,
  request: HttpRequest,
  maxBytes: number,
): Promise<{ response: HttpResponse; bytes: Buffer }> {
  const response = await exchange(ctx, request);
  if (isOk(input, response.status)) return { response, bytes: await readBody(ctx.signal, response, maxBytes) };
  const bytes = await readBody(ctx.signal, response, MAX_ERROR_BYTES).catch(() => Buffer.alloc(0));
  ctx.signal.throwIfAborted();
  throw statusError(response.request, { ...response, body: excerpt(response, bytes) });
}

/** Status, headers and address of an answer. */
export function outline({ status, headers, request }: HttpResponse): Omit<HttpOutput, 'body'> {
  return { status, headers, url: request.url.href };
}

async function prepare(ctx: NodeContext, input: HttpInput): Promise<HttpRequest> {
  const url = addressOf(input.url, input.query);
  const body = await bodyOf(ctx, input);
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': ACCEPT_ENCODING,
    'user-agent': 'Blok',
    ...(body && { 'content-type': body.contentType }),
  };
  for (const [name, value] of Object.entries(input.headers ?? {})) headers[name.toLowerCase()] = value;
  const writes = !['GET', 'HEAD', 'OPTIONS'].includes(input.method);
  if (writes && input.idempotencyKey) headers['idempotency-key'] ??= keyOf(ctx.idempotencyKey);
  return {
    method: input.method,
    url,
    headers,
    body,
    connection: ctx.connection,
    followRedirects: input.followRedirects,
    keyed: headers['idempotency-key'] !== undefined,
    headersTimeoutMs: toMs(input.timeouts.headers),
    bodyTimeoutMs: toMs(input.timeouts.body),
  };
}

/** The step's key as servers take it: visible ASCII, at most 255 characters (Stripe's limit); else its hash. */
function keyOf(key: string): string {
  return /^[\x21-\x7e]{1,255}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
}

function isOk(input: HttpInput, status: number): boolean {
  if (status >= 200 && status < 300) return true;
  if (!input.followRedirects && status >= 300 && status < 400) return true;
  return input.okStatuses?.includes(status) ?? false;
}
