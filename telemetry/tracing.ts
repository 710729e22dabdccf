import type { Context, Span, Tracer } from '@opentelemetry/api';
import { traceOutgoing } from './outgoing.ts';
import { ownAgent } from './way-out.ts';

/** What is noted about something that takes time. */
export interface Spanned {
  /** Few different ones: `POST /api/runs`, `http.request`. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The span above it, in another process (the header `traceparent`). Absent: the current one, if there is one. */
  readonly parent?: string | undefined;
}

/** Follows what belongs together through processes (OpenTelemetry). */
export interface Tracing {
  /** Does work within a span. If it throws, the span says so. `note` adds what is known later. */
  span<T>(spanned: Spanned, work: (note: (attributes: Spanned['attributes']) => void) => Promise<T>): Promise<T>;
  /** The current span, for another process; undefined: there is none. */
  current(): string | undefined;
  /** The current span, for a line of a log, in the words of OpenTelemetry. */
  ids(): { readonly trace_id: string; readonly span_id: string } | undefined;
  /** Sends what has not been sent, and ends. */
  close(): Promise<void>;
}

/** W3C Trace Context. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Sends spans to a collector by OTLP over HTTP. Loads the libraries: whoever wants no traces does not call this.
 *
 * @param endpoint base address of the collector, such as `http://127.0.0.1:4318`
 */
export async function createTracing({ endpoint, service }: { endpoint: string; service: string }): Promise<Tracing> {
  const [api, sdk, { AsyncLocalStorageContextManager }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    httpAgentOptions: ownAgent,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer: Tracer = provider.getTracer('blok');
  const stopOutgoing = traceOutgoing(api, tracer);
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL };
  const above = (parent: string | undefined): Context => {
    const match = TRACEPARENT.exec(parent ?? '');
    if (match === null) return api.context.active();
    const [, traceId, spanId, flags] = match as unknown as [string, string, string, string];
    const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
    return api.trace.setSpanContext(api.context.active(), spanContext);
  };
  const now = () => {
    const span = api.trace.getActiveSpan()?.spanContext();
    return span && api.isSpanContextValid(span) ? span : undefined;
  };
  return {
    span: ({ name, kind, attributes, parent }, work) =>
      tracer.startActiveSpan(name, { kind: kinds[kind], attributes }, above(parent), async (span: Span) => {
        try {
          return await work((more) => void span.setAttributes(more));
        } catch (error) {
          // The code only: a message may hold what a service sent.
          const { type, code, name: called } = (error ?? {}) as { type?: string; code?: string; name?: string };
          span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.setAttribute('error.type', String(type ?? code ?? called ?? 'unknown'));
          throw error;
        } finally {
          span.end();
        }
      }),
    current: () => {
      const span = now();
      return span && `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
    },
    ids: () => {
      const span = now();
      return span && { trace_id: span.traceId, span_id: span.spanId };
    },
    close: async () => {
      stopOutgoing();
      await provider.shutdown();
    },
  };
}
