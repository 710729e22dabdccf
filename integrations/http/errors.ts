import { STATUS_CODES } from 'node:http';
import type { Json } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import { shown } from './address.ts';

/** What failed: enough to say whether it may be tried again. */
export interface Attempt {
  readonly method: string;
  readonly url: URL;
  /** An `Idempotency-Key` goes with it. */
  readonly keyed: boolean;
}

/** Methods without an effect on the server, and methods that HTTP lets a client repeat (RFC 9110, 9.2). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** True if the request may have changed something. */
export const hasEffect = (attempt: Attempt): boolean => !SAFE.has(attempt.method);

const mayRepeat = (attempt: Attempt): boolean => REPEATABLE.has(attempt.method) || attempt.keyed;

/** Failures before a byte of the request left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const TLS = /CERT|^ERR_TLS|^ERR_SSL|^UNABLE_TO_|^EPROTO$|SELF_SIGNED|HOSTNAME_MISMATCH/;

/** Longest wait a server may ask for, in milliseconds. */
const MAX_RETRY_AFTER = 86_400_000;

/** A failure of the connection, classified. Errors that are already classified pass. */
export function networkError(attempt: Attempt, error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  const { code = '', message } = toCoded(error);
  const at = `${attempt.method} ${shown(attempt.url)}`;
  if (TLS.test(code)) {
    return new NodeError('http.tls', `${at}: no secure connection (${message}).`, { cause: error });
  }
  const sent = !NOT_SENT.has(code);
  const outcome = sent && hasEffect(attempt);
  return new NodeError(
    TIMEOUTS.has(code) ? 'http.timeout' : 'http.network',
    `${at}: ${sent ? 'the connection broke before the answer was complete' : 'the server could not be reached'} (${message}).`,
    { retryable: !outcome || mayRepeat(attempt), unknown: outcome, cause: error },
  );
}

/** A status that is not a success, classified. */
export function statusError(
  attempt: Attempt,
  response: { status: number; headers: Record<string, string>; body: Json },
  now = Date.now(),
): NodeError {
  const { status, headers, body } = response;
  // After these the work may have been done; 503 and 429 say that it was not.
  const outcome = hasEffect(attempt) && (status === 500 || status === 502 || status === 504);
  const temporary = status === 408 || status === 425 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(headers['retry-after'], now);
  const name = STATUS_CODES[status];
  return new NodeError(
    `http.${status}`,
    `${attempt.method} ${shown(attempt.url)} answered ${status}${name ? ` ${name}` : ''}.`,
    {
      retryable: temporary && (!outcome || mayRepeat(attempt)),
      unknown: outcome,
      ...(retryAfterMs !== null && { retryAfterMs }),
      details: { status, headers, body },
    },
  );
}

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3). Null if there is none. */
export function retryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), MAX_RETRY_AFTER);
}

/** Of OpenSSL's lines of fields and of a failed assertion the part that says what is wrong. */
function plain(message: string): string {
  const ssl = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  if (ssl) return ssl;
  return message.startsWith('The expression evaluated to a falsy value') ? 'what came is no HTTP' : message;
}

function toCoded(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  const message = plain(error.message) || String(code ?? error.name);
  return typeof code === 'string' ? { code, message } : { message };
}
