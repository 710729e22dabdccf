import { NodeError } from '../error.ts';
import { certificatesOf } from '../network/certificate-fields.ts';
import { tlsProblem } from '../network/tls-problem.ts';
import type { SmtpServer } from './connection-fields.ts';

interface SmtpFailure {
  readonly code?: string;
  /** Code of the system error behind nodemailer's own error. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
  readonly message: string;
}

/**
 * A failure of nodemailer, classified. `handedOver` says that the whole message had been sent. If the server did not
 * answer after that, it may have accepted the message.
 */
export function smtpError(error: unknown, connection: string, server: SmtpServer, handedOver: boolean): NodeError {
  if (error instanceof NodeError) return error;
  const { code = '', originalCode = '', responseCode, response, message, command } = toFailure(error);
  const at = `${server.host}:${server.port}`;
  const details = { response: response ?? null, command: command ?? null };
  const secured = { connection: `the connection "${connection}"`, certificates: certificatesOf(server) };
  const insecure = tlsProblem(originalCode, error, secured) ?? tlsProblem(code, error, secured);
  if (insecure !== null && !handedOver)
    return new NodeError('smtp.tls', `No secure connection to the mail server ${at}: ${insecure}.`);
  if (responseCode !== undefined) {
    const temporary = responseCode < 500;
    if (code === 'EAUTH' && !temporary) return authError(at, `the server refuses user or password (${response})`);
    return new NodeError(`smtp.${responseCode}`, `The mail server ${at} answered: ${response ?? responseCode}`, {
      retryable: temporary,
      details,
    });
  }
  if (code === 'EAUTH') return authError(at, message);
  if (code === 'EENVELOPE') return new NodeError('smtp.address', `The message has a wrong address: ${message}.`);
  const timedOut = code === 'ETIMEDOUT';
  if (handedOver) {
    const lost = timedOut ? 'did not answer in time' : 'the connection broke before it answered';
    return new NodeError(
      'smtp.unanswered',
      `The mail server ${at} got the message and ${lost} (${message}): it may be sent.`,
      { unknown: true, details },
    );
  }
  return new NodeError(
    timedOut ? 'smtp.timeout' : 'smtp.network',
    `The mail server ${at} ${timedOut ? 'did not answer in time' : 'could not be reached, or broke off'} (${message}). Nothing was sent.`,
    { retryable: true },
  );
}

function authError(at: string, why: string): NodeError {
  return new NodeError(
    'smtp.auth',
    `The mail server ${at} does not let the connection in: ${why}. Check its user and password.`,
  );
}

function toFailure(error: unknown): SmtpFailure {
  return error instanceof Error ? (error as Error & SmtpFailure) : { message: String(error) };
}
