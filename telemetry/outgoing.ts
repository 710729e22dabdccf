import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Span, Tracer } from '@opentelemetry/api';

/** A request of undici, as far as its channels tell of it. */
interface Outgoing {
  readonly origin?: string | URL;
  readonly method?: string;
}

interface Told {
  readonly request: Outgoing;
  readonly response?: { readonly statusCode: number };
  readonly error?: Error;
}

/**
 * Makes a span of each HTTP request that is sent within another span: the outgoing calls of nodes. A span names the host
 * only, because addresses may hold secrets, and the request carries nothing of it, because services are strangers.
 *
 * @returns a function that ends this
 */
export function traceOutgoing(api: typeof import('@opentelemetry/api'), tracer: Tracer): () => void {
  const open = new WeakMap<Outgoing, Span>();
  const end = (request: Outgoing): void => {
    open.get(request)?.end();
    open.delete(request);
  };
  const heard: Readonly<Record<string, (told: Told) => void>> = {
    'undici:request:create': ({ request }) => {
      if (api.trace.getActiveSpan() === undefined) return;
      const url = URL.parse(String(request.origin ?? ''));
      const method = request.method ?? 'GET';
      const attributes = {
        'http.request.method': method,
        'server.address': url?.hostname ?? '',
        'server.port': Number(url?.port || (url?.protocol === 'https:' ? 443 : 80)),
      };
      open.set(
        request,
        tracer.startSpan(`${method} ${url?.hostname ?? ''}`, { kind: api.SpanKind.CLIENT, attributes }),
      );
    },
    'undici:request:headers': ({ request, response }) => {
      const span = open.get(request);
      if (!span || !response) return;
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 400) span.setStatus({ code: api.SpanStatusCode.ERROR });
    },
    'undici:request:trailers': ({ request }) => end(request),
    'undici:request:error': ({ request, error }) => {
      const span = open.get(request);
      span?.setStatus({ code: api.SpanStatusCode.ERROR });
      span?.setAttribute('error.type', (error as { code?: string } | undefined)?.code ?? error?.name ?? 'unknown');
      end(request);
    },
  };
  const listeners = Object.entries(heard).map(
    ([name, listener]) => [name, listener as (told: unknown) => void] as const,
  );
  for (const [name, listener] of listeners) subscribe(name, listener);
  return () => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
  };
}
