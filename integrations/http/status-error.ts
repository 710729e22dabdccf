import { STATUS_CODES } from 'node:http';
import type { Json } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import { shown } from './address.ts';
import { type HttpRequest, hasEffect, mayRepeat, wasDone } from './message.ts';

/** Longest wait a server may ask for, in milliseconds. */
const MAX_RETRY_AFTER = 86_400_000;

/** The error for a status that is not a success, classified. */
export function statusError(
  request: HttpRequest,
  answer: { status: number; headers: Readonly<Record<string, string>>; body: Json },
  now = Date.now(),
): NodeError {
  const { status, headers, body } = answer;
  // After these statuses the work may have been done; 503 and 429 say that it was not.
  const lost = status === 500 || status === 502 || status === 504;
  const outcome = hasEffect(request) && (lost || wasDone(request));
  const temporary = status === 408 || status === 425 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(headers['retry-after'], now);
  const name = STATUS_CODES[status];
  return new NodeError(
    `http.${status}`,
    `${request.method} ${shown(request.url)} answered ${status}${name ? ` ${name}` : ''}.`,
    {
      retryable: temporary && (!outcome || mayRepeat(request)),
      unknown: outcome,
      ...(retryAfterMs !== null && { retryAfterMs }),
      details: { status, headers, body },
    },
  );
}

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3). Null if there is none. */
function retryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), MAX_RETRY_AFTER);
}
