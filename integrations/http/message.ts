import type { Readable } from 'node:stream';
import type { Access } from './access.ts';
import type { Address } from './address.ts';
import type { Body } from './body.ts';

/** One request, ready to be sent; header names in lower case. */
export interface HttpRequest extends Address {
  readonly method: string;
  /** The method the author asked for. A redirect may have turned it into GET. */
  readonly asked: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | null;
  /** The connection, sent only to the hosts it is bound to; null after a redirect to another origin. */
  readonly access: Access | null;
  readonly followRedirects: boolean;
  /** The request carries an idempotency key. */
  readonly keyed: boolean;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

/** The answer, before its body is read. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Where a redirect leads, as the text of an address; null if the answer does not say. */
  readonly location: string | null;
  readonly body: Readable;
  /** The request that was answered in the end: after redirects, without credentials. */
  readonly request: HttpRequest;
}

/** Methods without an effect on the server, and methods that HTTP lets a client repeat (RFC 9110, 9.2). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

type Asked = Pick<HttpRequest, 'asked' | 'method' | 'keyed'>;

/** True if the request may have changed something. */
export const hasEffect = ({ asked }: Asked): boolean => !SAFE.has(asked);

/** True if the request may be sent again although the server may have done it already. */
export const mayRepeat = ({ asked, keyed }: Asked): boolean => REPEATABLE.has(asked) || keyed;

/** True if a redirect turned a write into a GET: the server has done the write, whatever the result of the GET. */
export const wasDone = ({ asked, method }: Asked): boolean => !SAFE.has(asked) && SAFE.has(method);
