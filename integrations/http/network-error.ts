import { formatDuration } from '../../graph/duration.ts';
import { NodeError } from '../error.ts';
import { BEFORE_TLS, LATE, NOT_SENT } from '../failures/connection-codes.ts';
import { type Secured, tlsProblem } from '../network/tls-problem.ts';
import { shown } from './address.ts';
import { type HttpRequest, hasEffect, mayRepeat, wasDone } from './message.ts';

/** A failure of the connection, classified. */
export function networkError(request: HttpRequest, error: unknown): NodeError {
  if (error instanceof NodeError) return wasDone(request) ? afterWrite(request, error) : error;
  const { code = '', message } = toCoded(error);
  const at = `${request.method} ${shown(request.url)}`;
  const insecure = tlsProblem(code, error, securedBy(request));
  if (insecure !== null) {
    return new NodeError('http.tls', `${at}: no secure connection: ${insecure}.`, {
      unknown: wasDone(request),
      cause: error,
    });
  }
  const sent = !NOT_SENT.has(code) && !BEFORE_TLS.test(message);
  const outcome = hasEffect(request) && (sent || wasDone(request));
  return new NodeError(
    LATE.has(code) ? 'http.timeout' : 'http.network',
    `${at}: ${whatHappened(request, code, message, sent)}.`,
    {
      retryable: !outcome || mayRepeat(request),
      unknown: outcome,
      cause: error,
    },
  );
}

/** The error for an answer that ended before it was complete, although the connection did not break. */
export function incomplete(request: HttpRequest): NodeError {
  return new NodeError(
    'http.incomplete',
    `${request.method} ${shown(request.url)}: the body of the answer is cut off: its compressed form has no end.`,
    { retryable: !hasEffect(request) || mayRepeat(request), unknown: hasEffect(request) },
  );
}

/** The refusal of an address that a redirect led to, when the write before the redirect has been done. */
function afterWrite(request: HttpRequest, error: NodeError): NodeError {
  return new NodeError(error.code, error.message, {
    retryable: error.retryable && mayRepeat(request),
    unknown: true,
    cause: error,
  });
}

function whatHappened(request: HttpRequest, code: string, message: string, sent: boolean): string {
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return `the headers of the answer did not arrive within ${formatDuration(request.headersTimeoutMs)} (timeouts.headers)`;
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return `nothing more of the answer arrived for ${formatDuration(request.bodyTimeoutMs)} (timeouts.body)`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'the server did not take the connection in time';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'the headers of the answer are larger than 16 KiB';
  if (!sent) return `the server could not be reached (${message})`;
  return `the connection broke before the answer was complete (${message})`;
}

function securedBy({ access }: HttpRequest): Secured {
  if (access === null) return { connection: 'a connection, for example of type http-certificate', certificates: {} };
  return { connection: `the connection "${access.connection.name}"`, certificates: access.certificates };
}

/** The meaning of a failed assertion in the HTTP client. */
const plain = (message: string): string =>
  message.startsWith('The expression evaluated to a falsy value') ? 'the answer is not HTTP' : message;

function toCoded(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  const message = plain(error.message) || String(code ?? error.name);
  return typeof code === 'string' ? { code, message } : { message };
}
