import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it is sent to a collector. */
export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A collector that speaks OTLP over HTTP, and what it has received. */
export interface Collector {
  readonly endpoint: string;
  readonly spans: readonly SentSpan[];
  readonly paths: readonly string[];
  close(): void;
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SentSpan, 'attributes'> & {
        readonly attributes: readonly { readonly key: string; readonly value: object }[];
      })[];
    }[];
  }[];
}

export async function startCollector(): Promise<Collector> {
  const spans: SentSpan[] = [];
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    paths.push(request.url ?? '');
    for (const { scopeSpans } of (JSON.parse(body) as Sent).resourceSpans) {
      for (const { attributes, ...span } of scopeSpans.flatMap((scope) => scope.spans)) {
        const flat = attributes.map(({ key, value }) => [key, Object.values(value)[0] as string | number]);
        spans.push({ ...span, attributes: Object.fromEntries(flat) });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    paths,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
