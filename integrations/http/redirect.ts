import { NodeError } from '../error.ts';
import { parseAddress, shown } from './address.ts';
import { type HttpRequest, hasEffect } from './message.ts';

/** Headers set by the author that look like credentials. They stay with the origin they were meant for. */
const PRIVATE_HEADER = /auth|token|key|secret|cookie|session|signature|password/;

/** Headers that look like a credential but are not: without them, the new origin would do a repeated request twice. */
const IDEMPOTENCY = /idempotency/;

/**
 * The request that a redirect asks for.
 *
 * @throws NodeError `http.redirect`
 */
export function redirected(current: HttpRequest, status: number, location: string): HttpRequest {
  const address = parseAddress(location, current);
  if (address === null) throw badRedirect(current, 'its Location is not an address');
  const { url } = address;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw badRedirect(current, `it leads to ${url.protocol}`);
  if (current.url.protocol === 'https:' && url.protocol === 'http:') {
    throw badRedirect(current, `it leads from https to plain http (${shown(url)})`);
  }
  url.username = '';
  url.password = '';
  const toGet = status === 303 ? current.method !== 'HEAD' : status < 303 && current.method === 'POST';
  const sameOrigin = url.origin === current.url.origin;
  const kept = Object.entries(current.headers).filter(
    ([name]) => (sameOrigin || !isPrivate(name)) && !(toGet && name.startsWith('content-')),
  );
  return {
    ...current,
    ...address,
    headers: Object.fromEntries(kept),
    access: sameOrigin ? current.access : null,
    ...(toGet && { method: 'GET', body: null }),
  };
}

/** The error for a redirect that is not followed, with the reason. */
export function badRedirect(current: HttpRequest, why: string): NodeError {
  return new NodeError(
    'http.redirect',
    `The redirect of ${current.method} ${shown(current.url)} is not followed: ${why}.`,
    { unknown: hasEffect(current) },
  );
}

const isPrivate = (header: string): boolean => PRIVATE_HEADER.test(header) && !IDEMPOTENCY.test(header);
