import { createHash } from 'node:crypto';
import { ACCEPT_ENCODING } from '../compression.ts';
import type { ProviderContext } from '../context.ts';
import { toMs } from '../schema.ts';
import { type Access, withAccess } from './access.ts';
import { addressOf } from './address.ts';
import { bodyOf } from './body.ts';
import { fetchAnswer, fetchPage, outline } from './fetch-page.ts';
import { checkHeaders } from './headers.ts';
import type { HttpInput, HttpOutput } from './input.ts';
import type { HttpRequest } from './message.ts';
import { paginate } from './paging/paginate.ts';
import { contentTypeOf, decodeBody } from './response/decode-body.ts';
import { streamBody } from './response/stream-body.ts';

/** Sends what the author asked for: the work of `http.request`. */
export async function send(ctx: ProviderContext, input: HttpInput): Promise<HttpOutput> {
  return withAccess(ctx.network, ctx.connection, async (access) => {
    const request = await prepare(ctx, input, access);
    if (input.pagination) return paginate(ctx, input, input.pagination, request);
    if (input.responseAs === 'blob') return keep(ctx, input, request);
    const { response, bytes } = await fetchPage(ctx, input, request, input.maxBytes);
    return { ...outline(response), body: await decodeBody(ctx, response, bytes, input) };
  });
}

/** Keeps the body as it arrives, however large it is. */
async function keep(ctx: ProviderContext, input: HttpInput, request: HttpRequest): Promise<HttpOutput> {
  const response = await fetchAnswer(ctx, input, request);
  const kept = await ctx.blobs.write(streamBody(ctx, response, input.maxBytes));
  return { ...outline(response), body: kept.size === 0 ? null : { ...kept, ...contentTypeOf(response) } };
}

async function prepare(ctx: ProviderContext, input: HttpInput, access: Access | null): Promise<HttpRequest> {
  checkHeaders(input.headers ?? {});
  const address = addressOf(input.url, input.query);
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
    ...address,
    method: input.method,
    asked: input.method,
    headers,
    body,
    access,
    followRedirects: input.followRedirects,
    keyed: headers['idempotency-key'] !== undefined,
    headersTimeoutMs: toMs(input.timeouts.headers),
    bodyTimeoutMs: toMs(input.timeouts.body),
  };
}

/** The step's key as servers accept it: visible ASCII, at most 255 characters (Stripe's limit); else its hash. */
function keyOf(key: string): string {
  return /^[\x21-\x7e]{1,255}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
}
