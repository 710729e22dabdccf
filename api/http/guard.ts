import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import { createGuard, type Refusal } from '../../guard/foreign.ts';
import { ApiProblem } from './problem.ts';

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
    /** The page of another site sent the request. */
    isForeign: boolean;
  }
}

/** The id of a request: the caller's, if it has the right form. */
export const requestIdOf = (given: string | undefined): string =>
  given && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();

/** Gives each request an id. */
export const nameRequest: MiddlewareHandler = async (c, next) => {
  const requestId = requestIdOf(c.req.header('x-request-id'));
  c.set('requestId', requestId);
  c.header('x-request-id', requestId);
  await next();
};

/** Writes one line about each request. */
export function requestLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now();
    await next();
    // The pattern, not the address: a path may hold a token.
    const { method, routePath: route } = c.req;
    const ms = Math.round(performance.now() - begun);
    log.info({ requestId: c.get('requestId'), method, route, status: c.res.status, ms }, 'request');
  };
}

/** Headers that keep browsers from doing anything with an answer except show it. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Gives each answer these headers, unless it has them already. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};

/**
 * Refuses what a foreign web page can make a browser send to a server in its own network: requests to a host name that
 * only a hostile DNS points here, and requests of another site.
 *
 * @param own the server's own names: without any, it answers to nobody
 * @param probes paths that tell whether the server is well: they may be read by address
 * @param open paths that judge pages of other sites themselves, links too: `isForeign` tells them of one
 */
export function refuseForeign(
  own: Iterable<string> = [],
  probes: readonly string[] = [],
  open: (path: string) => boolean = () => false,
): MiddlewareHandler {
  const refusalOf = createGuard({ own, probes, acts: open });
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    const header = (name: string) => (name === 'host' ? host : c.req.header(name));
    const refusal = refusalOf({ method: c.req.method, path: c.req.path, header });
    const isJudgedLater = refusal === 'origin' && open(c.req.path);
    if (refusal !== null && !isJudgedLater) throw REFUSED[refusal](host);
    c.set('isForeign', isJudgedLater);
    await next();
  };
}

/** What a caller is told whose request the guard refuses. */
export const REFUSED: Readonly<Record<Refusal, (host: string) => ApiProblem>> = {
  host: (host) =>
    new ApiProblem(
      'host.refused',
      `This server does not answer under the host name "${host.replace(/[^\w.:[\]-]/g, '?').slice(0, 100)}". If people and programs ` +
        'reach it under that name, set BLOK_PUBLIC_URL to their address for it, such as https://blok.example, and start it again.',
    ),
  origin: () =>
    new ApiProblem(
      'origin.refused',
      'The page of another site may not use this server. If the page is its own, behind a proxy, set BLOK_PUBLIC_URL to the ' +
        'address that browsers show, with its scheme and port.',
    ),
};
