import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { requireHost } from '../connection-hosts.ts';
import type { Network, OpenConnection } from '../context.ts';
import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { normalAddress } from '../network/address.ts';
import { isLoopback } from '../network/loopback.ts';
import { secureContextOf } from '../network/secure-context.ts';
import type { SmtpServer } from './connection-fields.ts';
import { smtpError } from './errors.ts';

/** A message as it goes over the wire. */
export interface Letter {
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly message: Buffer;
}

/** The server's reply to a letter. */
export interface Receipt {
  readonly accepted: string[];
  readonly rejected: string[];
  readonly response: string;
}

/**
 * Logs in and hands over a letter; without a letter, only logs in. Nodemailer's own protocol engine speaks SMTP. Its
 * transport is not used, because it reads a message long before it sends the message, and then nobody can say whether
 * the message was sent before the connection broke.
 *
 * @throws NodeError as `smtpError` classifies, or what `signal` was aborted with if nothing had been handed over.
 */
export async function speak(
  ctx: { readonly network: Network; readonly signal: AbortSignal },
  connection: OpenConnection,
  server: SmtpServer,
  letter: Letter | null,
): Promise<Receipt | null> {
  requireHost(connection, [server.host], server.host, server.port);
  const { address } = await ctx.network.resolve(server.host, server.port);
  ctx.signal.throwIfAborted();
  const session = new SMTPConnection(optionsFor(server, address, secureContextOf(connection.name, server)));
  let handedOver = false;
  try {
    return await new Promise<Receipt | null>((resolve, reject) => {
      const fail = (error: unknown): void => reject(error);
      ctx.signal.addEventListener('abort', fail, { once: true });
      session.on('error', fail);
      // Delayed until after the callbacks, which know why the connection ended.
      session.on('end', () => setImmediate(fail, new Error('The server closed the connection')));
      const deliver = (): void => {
        if (letter === null) return resolve(null);
        // Read when the server says "go on", and not before: the end of the read is the moment the message is sent.
        const source = Readable.from([letter.message]).on('end', () => {
          handedOver = true;
        });
        session.send({ from: letter.envelope.from, to: letter.envelope.to }, source, (error, info) => {
          if (error || !info) return fail(error);
          resolve({
            accepted: info.accepted.map(String),
            rejected: info.rejected.map(String),
            response: info.response,
          });
        });
      };
      session.connect((error) => {
        if (error) return fail(error);
        if (!hasLogin(server) || !session.allowsAuth) return deliver();
        session.login({ user: server.user, pass: server.password }, (refused) => (refused ? fail(refused) : deliver()));
      });
    });
  } catch (error) {
    // A message that was cancelled after it was sent may have arrived: that outcome says more than "cancelled".
    if (!handedOver) ctx.signal.throwIfAborted();
    throw smtpError(error, connection.name, server, handedOver);
  } finally {
    session.on('error', () => {});
    session.quit();
    session.close();
  }
}

/** Connects and logs in without sending anything. */
export async function tryServer(
  ctx: ConnectionTestContext,
  connection: OpenConnection,
  server: SmtpServer,
): Promise<ConnectionTestResult> {
  try {
    await speak(ctx, connection, server, null);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The connection goes to the address that the guard has checked, with TLS for the name the owner wrote. Certificates
 * are checked if a password, `secure` or a private authority depends on them. Otherwise any certificate is accepted,
 * as between mail servers (RFC 7435), because TLS with an unchecked certificate is better than no TLS.
 */
function optionsFor(server: SmtpServer, address: string, context: SecureContext | null) {
  const local = isLoopback(server.host);
  return {
    host: address,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && (hasCertificates(server) || (hasLogin(server) && !local && !server.plainPassword)),
    tls: {
      rejectUnauthorized: server.ca !== undefined || (!local && (server.secure || hasLogin(server))),
      ...(context !== null && { secureContext: context }),
      ...(normalAddress(server.host) === null && { servername: server.host }),
    },
    connectionTimeout: 10_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    socketCloseTimeout: 1_000,
  };
}

const hasCertificates = ({ ca, cert }: SmtpServer): boolean => ca !== undefined || cert !== undefined;

const hasLogin = (server: SmtpServer): boolean => server.user !== undefined && server.password !== undefined;
