import { requireHost } from '../connection-hosts.ts';
import type { OpenConnection } from '../context.ts';

/** The address without slashes at its end, as libraries want it. */
export const trimmed = (baseUrl: string): string => baseUrl.replace(/\/+$/, '');

/**
 * Refuses to send the key of a connection to a server that the connection is not bound to.
 *
 * @throws NodeError `connection.host`
 */
export function requireServer(connection: OpenConnection, baseUrl: string): void {
  const { hostname, port, protocol } = new URL(baseUrl);
  requireHost(connection, [hostname], hostname, Number(port || (protocol === 'https:' ? 443 : 80)));
}
