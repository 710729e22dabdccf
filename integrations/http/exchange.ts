import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { Network, OpenConnection } from '../context.ts';
import { NodeError } from '../error.ts';
import { shown } from './address.ts';
import type { Body } from './body.ts';
import { credentialFor } from './credential.ts';
import { hasEffect, networkError } from './errors.ts';

/** One request, ready to be sent; header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | null;
  /** Sent along to the hosts it is bound to; null after a redirect to another origin. */
  readonly connection: OpenConnection | null;
  readonly followRedirects: boolean;
  /** An idempotency key goes with it. */
  readonly keyed: boolean;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

/** The answer, its body not read yet. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** What was answered in the end: after redirects, without credentials. */
  readonly request: HttpRequest;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Author's headers that look like credentials and stay with the origin they were meant for. */
const PRIVATE_HEADER = /auth|token|key|secret|cookie|session|signature|password/;

/**
 * Sends a request through the guarded network and follows its redirects by hand, so that each hop is checked again and
 * credentials stay with their origin.
 *
 * @throws NodeError `http.network`, `http.timeout`, `http.tls`, `http.redirect`, `network.forbidden`, `connection.host`
 */
export async function exchange(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  first: HttpRequest,
): Promise<HttpResponse> {
  let current = first;
  for (let hops = 0; ; hops += 1) {
    const response = await sendOnce(ctx, current);
    const location = response.headers.location;
    if (!current.followRedirects || !REDIRECTS.has(response.status) || location === undefined) return response;
    // Not read, so the connection is given up rather than drained at a stranger's pace.
    response.body.on('error', () => {}).destroy();
    if (hops === MAX_REDIRECTS) throw badRedirect(current, `there were more than ${MAX_REDIRECTS} redirects`);
    current = redirected(current, response.status, location);
  }
}

async function sendOnce(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  current: HttpRequest,
): Promise<HttpResponse> {
  const url = new URL(current.url.href);
  const headers: Record<string, string> = { ...current.headers };
  if (current.connection !== null) {
    const credential = credentialFor(current.connection, url);
    if (credential.in === 'header') headers[credential.name] = credential.value;
    else url.searchParams.set(credential.name, credential.value);
  }
  try {
    const {
      statusCode,
      headers: received,
      body,
    } = await request(url, {
      dispatcher: ctx.network.dispatcher,
      method: current.method as 'GET',
      headers,
      body: current.body?.bytes ?? null,
      signal: ctx.signal,
      headersTimeout: current.headersTimeoutMs,
      bodyTimeout: current.bodyTimeoutMs,
    });
    return { status: statusCode, headers: flatten(received), body, request: current };
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw networkError(current, error);
  }
}

function redirected(current: HttpRequest, status: number, location: string): HttpRequest {
  const url = URL.canParse(location, current.url.href) ? new URL(location, current.url.href) : null;
  if (url === null) throw badRedirect(current, 'its Location is no address');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw badRedirect(current, `it leads to ${url.protocol}`);
  if (current.url.protocol === 'https:' && url.protocol === 'http:') {
    throw badRedirect(current, `it leads from https to plain http (${shown(url)})`);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  const toGet = status === 303 ? current.method !== 'HEAD' : status < 303 && current.method === 'POST';
  const sameOrigin = url.origin === current.url.origin;
  const kept = Object.entries(current.headers).filter(
    ([name]) => (sameOrigin || !PRIVATE_HEADER.test(name)) && !(toGet && name.startsWith('content-')),
  );
  return {
    ...current,
    url,
    headers: Object.fromEntries(kept),
    connection: sameOrigin ? current.connection : null,
    ...(toGet && { method: 'GET', body: null }),
  };
}

function badRedirect(current: HttpRequest, why: string): NodeError {
  return new NodeError(
    'http.redirect',
    `The redirect of ${current.method} ${shown(current.url)} is not followed: ${why}.`,
    {
      unknown: hasEffect(current),
    },
  );
}

/** One text per header, names in lower case: lists as in HTTP, cookies by line. */
function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    flat[name] = Array.isArray(value) ? value.join(name === 'set-cookie' ? '\n' : ', ') : value;
  }
  return flat;
}
