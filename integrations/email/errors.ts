import { NodeError } from '../error.ts';

interface SmtpFailure {
  readonly code?: string;
  /** Code of the system error beneath nodemailer's own. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
  readonly message: string;
}

const TLS = /CERT|^ERR_TLS|^ERR_SSL|^ETLS$|SELF_SIGNED|UNABLE_TO_|^EPROTO$|HOSTNAME_MISMATCH/;

/**
 * A failure of nodemailer, classified. `handedOver` says that the whole message had left: without an answer to it, the
 * server may have taken it.
 */
export function smtpError(error: unknown, server: { host: string; port: number }, handedOver: boolean): NodeError {
  if (error instanceof NodeError) return error;
  const { code = '', originalCode = '', responseCode, response, message, command } = toFailure(error);
  const at = `${server.host}:${server.port}`;
  const details = { response: response ?? null, command: command ?? null };
  if (TLS.test(code) || TLS.test(originalCode)) {
    return new NodeError('smtp.tls', `No secure connection to the mail server ${at} (${message}).`);
  }
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
  if (handedOver) {
    return new NodeError(
      'smtp.unanswered',
      `The mail server ${at} got the message and the connection broke before it answered (${message}): it may be sent.`,
      { unknown: true, details },
    );
  }
  const timedOut = code === 'ETIMEDOUT';
  return new NodeError(
    timedOut ? 'smtp.timeout' : 'smtp.network',
    `The mail server ${at} could not be reached, or broke off (${message}). Nothing was sent.`,
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
