import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import { ApiProblem } from './problem.ts';

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
  }
}

/** Gives each request an id (the caller's, if it has the right form) and writes one line about it. */
export function requestLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    c.header('x-request-id', requestId);
    const begun = performance.now();
    await next();
    // The pattern, not the address: a path may hold a token.
    const route = c.req.routePath;
    log.info(
      { requestId, method: c.req.method, route, status: c.res.status, ms: Math.round(performance.now() - begun) },
      'request',
    );
  };
}

/** Headers that keep browsers from doing anything with an answer except show it. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const set = (name: string, value: string) => c.res.headers.has(name) || c.res.headers.set(name, value);
  set('x-content-type-options', 'nosniff');
  set('x-frame-options', 'DENY');
  set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  set('referrer-policy', 'no-referrer');
  set('cross-origin-resource-policy', 'same-origin');
  set('cache-control', 'no-store');
};

/**
 * Refuses what a foreign web page can make a browser send to a server in its own network: requests from another
 * origin, and requests to host names that only a hostile DNS points here.
 */
export function refuseForeign(allowedHosts: ReadonlySet<string> | undefined): MiddlewareHandler {
  return async (c, next) => {
    const host = (c.req.header('host') ?? '').toLowerCase();
    if (allowedHosts && !allowedHosts.has(host)) {
      throw new ApiProblem(
        'host.refused',
        'This server does not answer under that host name. Set BLOK_PUBLIC_URL to its public address.',
      );
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && c.req.method !== 'GET' && hostOf(origin) !== host) {
      throw new ApiProblem('origin.refused', 'Another site may not change anything here.');
    }
    await next();
  };
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return null;
  }
}
