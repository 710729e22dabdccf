import type { Context as HonoContext } from 'hono';
import type { Sender } from '../../guard/sender.ts';

/** The headers of a request: every value of each name, names in lower case. */
export type ReceivedHeaders = ReadonlyMap<string, readonly string[]>;

/** A request to a webhook without its body, before anything in it is believed. */
export interface Head {
  readonly method: string;
  /** What follows the token in the address, as it was sent: empty, or beginning with a slash. */
  readonly rest: string;
  /** The whole address, as the sender knows it. */
  readonly url: string;
  readonly sender: Sender;
  readonly headers: ReceivedHeaders;
}

/** A request that has come. */
export interface Received extends Head {
  /** The body as it came over the wire. */
  readonly raw: Buffer;
  /** The body without its compression. */
  readonly body: Buffer;
}

/** The headers of a request as they came. The fetch API joins repeated headers; Node kept them apart. */
export function receivedHeaders(c: HonoContext): ReceivedHeaders {
  const raw = (c.env as { incoming?: { rawHeaders?: readonly string[] } } | undefined)?.incoming?.rawHeaders;
  const pairs = raw ? pairsOf(raw) : [...c.req.raw.headers];
  const headers = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = headers.get(name.toLowerCase());
    if (values) values.push(value);
    else headers.set(name.toLowerCase(), [value]);
  }
  return headers;
}

/** The value of a header that must come exactly once; null otherwise. */
export function single(headers: ReceivedHeaders, name: string): string | null {
  const values = headers.get(name.toLowerCase()) ?? [];
  return values.length === 1 && values[0] !== '' ? values[0]! : null;
}

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []));
