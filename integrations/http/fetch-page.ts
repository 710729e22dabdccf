import type { ProviderContext } from '../context.ts';
import { renewAccess } from './access.ts';
import { hrefOf } from './address.ts';
import { exchange } from './exchange.ts';
import type { HttpInput, HttpOutput } from './input.ts';
import { type HttpRequest, type HttpResponse, wasDone } from './message.ts';
import { excerpt } from './response/decode-body.ts';
import { readBody } from './response/read-body.ts';
import { statusError } from './status-error.ts';

/** How many bytes of a failed answer are read for the details of the error. */
const MAX_ERROR_BYTES = 65_536;

/** Which answers are no failure. */
type Accepts = Pick<HttpInput, 'okStatuses' | 'followRedirects'>;

/** Sends one request, checks the answer for success and reads it. */
export async function fetchPage(
  ctx: ProviderContext,
  input: Accepts,
  request: HttpRequest,
  maxBytes: number,
): Promise<{ response: HttpResponse; bytes: Buffer }> {
  const response = await fetchAnswer(ctx, input, request);
  return { response, bytes: await readBody(ctx, response, maxBytes) };
}

/** Sends one request and checks the answer for success. Its body is still to be read. */
export async function fetchAnswer(ctx: ProviderContext, input: Accepts, request: HttpRequest): Promise<HttpResponse> {
  const response = await sendWithToken(ctx, input, request);
  if (isOk(input, response.status)) return response;
  const bytes = await readBody(ctx, response, MAX_ERROR_BYTES).catch(() => Buffer.alloc(0));
  ctx.signal.throwIfAborted();
  throw statusError(response.request, { ...response, body: excerpt(ctx, response, bytes) });
}

/** Sends a request. If the service refuses the access token, sends it once more with another: nothing was done yet. */
export async function sendWithToken(ctx: ProviderContext, input: Accepts, request: HttpRequest): Promise<HttpResponse> {
  const response = await send(ctx, request);
  // After a redirect, whoever refused may be another, and a write may have been done.
  const { access } = response.request;
  const isRefused = response.status === 401 && access !== null && !wasDone(response.request);
  if (!isRefused || isOk(input, response.status) || !(await renewAccess(access))) return response;
  response.body.on('error', () => {}).destroy();
  return send(ctx, request);
}

/** Sends a request when its turn has come. */
async function send(ctx: ProviderContext, request: HttpRequest): Promise<HttpResponse> {
  await ctx.rate.turn();
  const response = await exchange(ctx, request);
  await ctx.rate.heed(response);
  return response;
}

/** Status, headers and address of an answer. */
export function outline({ status, headers, request }: HttpResponse): Omit<HttpOutput, 'body'> {
  return { status, headers, url: hrefOf(request) };
}

function isOk(input: Accepts, status: number): boolean {
  if (status >= 200 && status < 300) return true;
  if (!input.followRedirects && status >= 300 && status < 400) return true;
  return input.okStatuses?.includes(status) ?? false;
}
