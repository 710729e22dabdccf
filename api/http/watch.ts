import type { MiddlewareHandler } from 'hono';
import type { Telemetry } from '../../telemetry/open.ts';

/** Measures requests, and begins a trace of each, or goes on with the caller's. */
export function watchRequests({ metrics, tracing }: Telemetry): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now();
    const { method } = c.req;
    const work = async (note?: (attributes: Record<string, string | number>) => void): Promise<void> => {
      await next();
      // The pattern, not the address: a path may hold a token.
      const route = c.req.routePath;
      const { status } = c.res;
      metrics?.observe(
        'blok_http_request_seconds',
        { method, route, status: String(status) },
        (performance.now() - begun) / 1_000,
      );
      note?.({ 'http.route': route, 'http.response.status_code': status });
    };
    if (!tracing) return work();
    const attributes = { 'http.request.method': method, 'blok.request': c.get('requestId') };
    return tracing.span({ name: method, kind: 'server', attributes, parent: c.req.header('traceparent') }, work);
  };
}
