import type { Network } from '../context.ts';
import { withCredential } from './access.ts';
import { readHeaders, readLocation, refuseOwnHeaders } from './headers.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { networkError } from './network-error.ts';
import { badRedirect, redirected } from './redirect.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request through the guarded network and follows its redirects by hand, so that each hop is checked again and
 * credentials stay with their origin.
 *
 * @throws NodeError `http.network`, `http.timeout`, `http.tls`, `http.redirect`, `http.headers`, `network.forbidden`,
 * `connection.host`
 */
export async function exchange(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  first: HttpRequest,
): Promise<HttpResponse> {
  let current = first;
  for (let hops = 0; ; hops += 1) {
    const response = await sendOnce(ctx, current);
    const { location } = response;
    if (!current.followRedirects || !REDIRECTS.has(response.status) || location === null) return response;
    // The body is not read. The connection is dropped, because a stranger would set the pace of draining it.
    response.body.on('error', () => {}).destroy();
    if (hops === MAX_REDIRECTS) throw badRedirect(current, `there were more than ${MAX_REDIRECTS} redirects`);
    current = redirected(current, response.status, location);
  }
}

async function sendOnce(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  current: HttpRequest,
): Promise<HttpResponse> {
  const { access } = current;
  refuseOwnHeaders(current.headers);
  const { url, query, headers } = access === null ? current : withCredential(current, access);
  const stream = current.body?.stream;
  try {
    // Not undici's own `request`, because it would rewrite the address.
    const {
      statusCode,
      headers: received,
      body,
    } = await (access?.dispatcher ?? ctx.network.dispatcher).request({
      origin: url.origin,
      path: `${url.pathname}${query}`,
      method: current.method as 'GET',
      headers: stream ? { ...headers, 'content-length': String(stream.size) } : headers,
      body: stream?.open() ?? current.body?.bytes ?? null,
      signal: ctx.signal,
      headersTimeout: current.headersTimeoutMs,
      bodyTimeout: current.bodyTimeoutMs,
    });
    return {
      status: statusCode,
      headers: readHeaders(received),
      location: readLocation(received),
      body,
      request: current,
    };
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw networkError(current, error);
  }
}
