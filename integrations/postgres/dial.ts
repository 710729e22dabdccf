import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { NodeError } from '../error.ts';
import { normalAddress } from '../network/address.ts';
import { secureContextOf } from '../network/secure-context.ts';
import { tlsProblem } from '../network/tls-problem.ts';
import type { Target } from './target.ts';

/** Time limit for connecting and the TLS handshake together. */
const TIMEOUT_MS = 10_000;
/** `SSLRequest` (PostgreSQL protocol, 54.2.12). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A socket to the address that the guard has checked, with TLS for the name the owner wrote. The socket is made here
 * and not in the driver, because the driver would look the name up again.
 *
 * @param connection name of the connection, for messages
 * @throws NodeError `postgres.network` (retryable), `postgres.tls` or `connection.invalid`.
 */
export async function dial(connection: string, target: Target, address: string): Promise<Socket> {
  const socket = connect({ host: address, port: target.port });
  const timer = setTimeout(() => socket.destroy(new Error('the server did not answer within 10 s')), TIMEOUT_MS);
  try {
    await event(socket, 'connect');
    if (target.ssl === 'disable') return socket;
    socket.write(SSL_REQUEST);
    const answer = (await event(socket, 'data')) as Buffer;
    // More than one byte would be text that someone inserted before the encryption began (CVE-2021-23222).
    if (answer.length !== 1) throw tlsError(target, 'the server answers the request for TLS with more than one byte');
    if (answer.toString('latin1') === 'S') return await upgrade(connection, socket, target);
    // The server sends nothing more until it is asked, so nothing can arrive before the driver listens.
    if (target.ssl === 'prefer') return socket.resume();
    throw tlsError(target, noTls(connection, target));
  } catch (error) {
    socket.destroy();
    if (error instanceof NodeError) throw error;
    throw new NodeError('postgres.network', `No connection to ${target.host}:${target.port}: ${textOf(error)}.`, {
      retryable: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function upgrade(connection: string, socket: Socket, target: Target): Promise<Socket> {
  const context = secureContextOf(connection, target.certificates);
  const secure = connectTls({
    socket,
    rejectUnauthorized: target.ssl === 'verify-full',
    ...(normalAddress(target.host) === null ? { servername: target.host } : { host: target.host }),
    ...(context !== null && { secureContext: context }),
  });
  try {
    await event(secure, 'secureConnect');
    return secure;
  } catch (error) {
    const secured = { connection: `the connection "${connection}"`, certificates: target.certificates };
    throw tlsError(target, tlsProblem(codeOf(error), error, secured) ?? textOf(error));
  }
}

/** The next event of that name; an error or the end of the socket rejects. */
function event(socket: Socket, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      socket.off(name, onEvent).off('error', onError).off('close', onClose);
      act();
    };
    const onEvent = (value: unknown): void => {
      // Paused, so that no data is lost before the next listener is attached.
      if (name === 'data') socket.pause();
      done(() => resolve(value));
    };
    const onError = (error: Error): void => done(() => reject(error));
    const onClose = (): void => done(() => reject(new Error('the server hung up')));
    socket.on(name, onEvent).on('error', onError).on('close', onClose);
  });
}

/** Says what requires TLS and how to do without: whoever wrote no `ssl` does not know that there is a default. */
const noTls = (connection: string, { ssl }: Target): string =>
  `the server offers no TLS, and the connection "${connection}" requires TLS ("ssl" is "${ssl}"` +
  `${ssl === 'require' ? ', the default unless the server is on this machine' : ''}). Turn TLS on at the server; or, if you trust ` +
  'the network in between, set "ssl" of the connection to "prefer"';

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

const textOf = (error: unknown): string => (error instanceof Error ? error.message || codeOf(error) : String(error));

function tlsError(target: Target, why: string): NodeError {
  return new NodeError('postgres.tls', `No secure connection to ${target.host}:${target.port}: ${why}.`);
}
