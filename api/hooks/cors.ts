import type { Context as HonoContext } from 'hono';
import { ApiProblem } from '../http/problem.ts';
import type { HookOptions } from './options.ts';

/** Largest answer to a preflight that browsers keep, in seconds. */
const KEPT_SECONDS = '600';

/**
 * Lets the pages of other sites use a webhook if its `origins` list them. A link on such a page is not told apart from the
 * page: whatever its method, a webhook has effects. A browser that follows a link names no origin, so only `*` lets it in.
 *
 * @throws ApiProblem `origin.refused`
 */
export function allowOrigin(c: HonoContext, { origins }: HookOptions): void {
  const origin = c.req.header('origin');
  c.header('vary', 'Origin');
  const isListed = origins.includes('*') || (origin !== undefined && origins.includes(origin.toLowerCase()));
  if (c.get('isForeign') && !isListed) throw foreign();
  if (!isListed || origin === undefined) return;
  c.header('access-control-allow-origin', origin);
  c.header('access-control-expose-headers', 'Location, Retry-After');
  c.header('cross-origin-resource-policy', 'cross-origin');
}

const foreign = (): ApiProblem =>
  new ApiProblem(
    'origin.refused',
    'A page of another site has sent this request, or leads here. This webhook takes requests of the sites that its ' +
      '`origins` list; `"*"` is every site.',
  );

/** The answer to OPTIONS: what the address takes, and for a preflight what the page may send. */
export function answerOptions(c: HonoContext, { methods }: HookOptions): Response {
  c.header('allow', allowed(methods));
  if (c.req.header('access-control-request-method') !== undefined) {
    c.header('access-control-allow-methods', methods.join(', '));
    const asked = c.req.header('access-control-request-headers') ?? '';
    if (/^[\w, -]{1,1000}$/.test(asked)) c.header('access-control-allow-headers', asked);
    c.header('access-control-max-age', KEPT_SECONDS);
  }
  return c.body(null, 204);
}

/** The value of `allow`. */
export const allowed = (methods: readonly string[]): string => [...methods, 'HEAD', 'OPTIONS'].join(', ');
