import type { Network } from '../context.ts';
import { NodeError } from '../error.ts';
import { withBoundedReading } from './bounded-reading.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Headers that may follow to another origin. Every other one may be a credential. */
const HARMLESS = /^(accept|accept-.+|content-type|content-language|idempotency-key|range|if-.+|user-agent)$/;

/** What a library calls instead of the global `fetch`. */
export type Fetch = typeof globalThis.fetch;

/**
 * `fetch` through the guard, ended together with the step. It is the runtime's own, so that a library can use the
 * runtime's `Request`, `FormData` and streams with it. What reads an answer as a whole (`json()`, `text()`) stops at a size.
 *
 * Redirects are followed here, because each hop must leave behind what may be a credential: the standard drops only
 * `Authorization` when the origin changes, and many providers take their key in a header of their own.
 *
 * @returns a function that throws what the guard says (`NodeError`), the reason of the signal, or a `TypeError` for a
 * broken connection, as libraries expect; `classify` knows them all
 */
export function guardedFetch(network: Pick<Network, 'dispatcher'>, signal: AbortSignal): Fetch {
  return async (input, init = {}) => {
    const { url, ...first } = asked(input, init);
    let hop: Hop = { url, init: first };
    const redirect = first.redirect ?? 'follow';
    for (let hops = 0; ; hops += 1) {
      const response = await once(network, signal, hop);
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (redirect === 'manual' || location === null) return withBoundedReading(response);
      await response.body?.cancel();
      if (redirect === 'error') throw refused(hop.url, 'the caller takes none');
      if (hops === MAX_REDIRECTS) throw refused(hop.url, `there were more than ${MAX_REDIRECTS}`);
      hop = next(hop, response.status, location);
    }
  };
}

interface Hop {
  readonly url: URL;
  readonly init: RequestInit;
}

async function once(network: Pick<Network, 'dispatcher'>, signal: AbortSignal, { url, init }: Hop): Promise<Response> {
  const signals = init.signal ? [signal, init.signal] : [signal];
  // The types of the runtime's undici and of the package differ; both speak the same protocol.
  const dispatcher = network.dispatcher as never;
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals), dispatcher });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw cause instanceof NodeError ? cause : error;
  }
}

/** The request as an address and the rest, whatever form the caller gave it. */
function asked(input: Parameters<Fetch>[0], init: RequestInit): RequestInit & { url: URL } {
  if (typeof input === 'string' || input instanceof URL) return { ...init, url: new URL(String(input)) };
  const { method, headers, body, redirect, signal } = input;
  const stream = body === null ? {} : { body, duplex: 'half' as const };
  return { method, headers, redirect, signal, ...stream, ...init, url: new URL(input.url) };
}

function next({ url, init }: Hop, status: number, location: string): Hop {
  const to = URL.parse(location, url.href);
  if (to === null || !/^https?:$/.test(to.protocol)) throw refused(url, 'it leads to no http or https address');
  if (url.protocol === 'https:' && to.protocol === 'http:') throw refused(url, 'it leads from https to plain http');
  to.username = '';
  to.password = '';
  const method = (init.method ?? 'GET').toUpperCase();
  const toGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  if (!toGet && init.body instanceof ReadableStream)
    throw refused(url, 'the body is a stream, which cannot be sent twice');
  const headers = new Headers(init.headers);
  for (const name of [...headers.keys()]) {
    if (to.origin !== url.origin && !HARMLESS.test(name)) headers.delete(name);
    if (toGet && name.startsWith('content-')) headers.delete(name);
  }
  return { url: to, init: { ...init, headers, ...(toGet && { method: 'GET', body: null }) } };
}

function refused(url: URL, why: string): NodeError {
  return new NodeError('network.redirect', `The redirect of ${url.origin} is not followed: ${why}.`, { unknown: true });
}
