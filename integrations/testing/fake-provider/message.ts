import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../../../graph/json.ts';

/** A request as the provider received it. */
export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed if it is JSON or a form, else null. */
  readonly body: Json;
  readonly bytes: Buffer;
  /** Parts of the path that the route names: `:id`. */
  readonly params: Readonly<Record<string, string>>;
}

/** What the provider answers. A body that is neither text nor bytes is sent as JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The bytes and headers of a reply. */
export function encoded({ status = 200, headers = {}, body = '' }: Reply): {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
} {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = isRaw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return { status, bytes, headers: { ...(!isRaw && { 'content-type': 'application/json' }), ...headers } };
}

/** The body of a request, read by its media type. */
export function readBody(bytes: Buffer, contentType = ''): Json {
  if (bytes.length === 0) return null;
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(bytes.toString()));
  }
  if (!contentType.includes('json')) return null;
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return null;
  }
}
