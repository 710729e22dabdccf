import type { ImapFlow } from 'imapflow';
import { requireHost } from '../connection-hosts.ts';
import type { Network, OpenConnection } from '../context.ts';
import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { NodeError } from '../error.ts';
import { normalAddress } from '../network/address.ts';
import { certificatesOf } from '../network/certificate-fields.ts';
import { isLoopback } from '../network/loopback.ts';
import { secureContextOf } from '../network/secure-context.ts';
import { tlsProblem } from '../network/tls-problem.ts';
import type { ImapServer } from './connection-fields.ts';

/**
 * Logs in, does some work, and logs out. The connection goes to the address that the guard has checked, with TLS for the
 * name that the owner wrote.
 *
 * @throws NodeError `imap.auth`, `imap.tls`, `imap.network`, `imap.refused`; what the work throws
 */
export async function withSession<T>(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  connection: OpenConnection,
  server: ImapServer,
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  requireHost(connection, [server.host], server.host, server.port);
  const { address } = await ctx.network.resolve(server.host, server.port);
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow(optionsOf(connection.name, server, address));
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => {});
  client.on('error', breakOff);
  const onAbort = (): void => {
    breakOff(ctx.signal.reason);
    client.close();
  };
  ctx.signal.addEventListener('abort', onAbort, { once: true });
  try {
    ctx.signal.throwIfAborted();
    await Promise.race([client.connect(), broken]);
    const result = await Promise.race([work(client), broken]);
    await Promise.race([client.logout(), broken]).catch(() => {});
    return result;
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw imapError(error, connection.name, server);
  } finally {
    ctx.signal.removeEventListener('abort', onAbort);
    client.close();
  }
}

/** Logs in without reading anything. */
export async function tryServer(
  ctx: ConnectionTestContext,
  connection: OpenConnection,
  server: ImapServer,
): Promise<ConnectionTestResult> {
  try {
    await withSession(ctx, connection, server, async () => {});
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function optionsOf(name: string, server: ImapServer, address: string) {
  const { host, port, secure, user, password, accessToken, plainPassword } = server;
  const context = secureContextOf(name, server);
  const local = isLoopback(host);
  return {
    host: address,
    port,
    secure,
    // Without TLS nobody else on the way must learn the password. A local server needs none.
    ...(!secure && !local && !plainPassword && { doSTARTTLS: true }),
    ...(normalAddress(host) === null && { servername: host }),
    tls: {
      rejectUnauthorized: server.ca !== undefined || !local,
      ...(context !== null && { secureContext: context }),
    },
    auth: accessToken === undefined ? { user, pass: password ?? '' } : { user, accessToken },
    logger: false as const,
    disableAutoIdle: true,
    connectionTimeout: 10_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  };
}

/** How imapflow fails. */
interface ImapFailure {
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  readonly responseText?: string;
  readonly responseStatus?: string;
  readonly message: string;
}

function imapError(error: unknown, connection: string, server: ImapServer): NodeError {
  if (error instanceof NodeError) return error;
  const { code = '', authenticationFailed, responseText, responseStatus, message } = error as ImapFailure;
  const at = `${server.host}:${server.port}`;
  const secured = { connection: `the connection "${connection}"`, certificates: certificatesOf(server) };
  const insecure = tlsProblem(code, error, secured);
  if (insecure !== null)
    return new NodeError('imap.tls', `No secure connection to the mail server ${at}: ${insecure}.`);
  if (authenticationFailed) {
    return new NodeError(
      'imap.auth',
      `The mail server ${at} does not let the connection "${connection}" in (${responseText ?? message}). Check its user and password.`,
    );
  }
  if (responseStatus !== undefined) {
    return new NodeError('imap.refused', `The mail server ${at} answered: ${responseText ?? responseStatus}`, {
      retryable: true,
    });
  }
  return new NodeError('imap.network', `The mail server ${at} could not be reached, or broke off (${message}).`, {
    retryable: true,
  });
}
