import { STATUS_CODES } from 'node:http';
import type { Json } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import { retryAfterMs } from '../failures/retry-after.ts';
import { shown } from './address.ts';
import { type HttpRequest, hasEffect, mayRepeat, wasDone } from './message.ts';

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
  const wait = retryAfterMs(answer, {}, now);
  const name = STATUS_CODES[status];
  return new NodeError(
    `http.${status}`,
    `${request.method} ${shown(request.url)} answered ${status}${name ? ` ${name}` : ''}.`,
    {
      retryable: temporary && (!outcome || mayRepeat(request)),
      unknown: outcome,
      ...(wait !== undefined && { retryAfterMs: wait }),
      details: { status, headers, body },
    },
  );
}
