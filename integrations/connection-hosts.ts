import type { OpenConnection } from './context.ts';
import { NodeError } from './error.ts';
import { hostFits, splitHostPort } from './network/allow.ts';

/**
 * Refuses to send a credential to a host that it is not bound to. `implied` are the hosts that the connection type
 * derives from the data; the owner's list takes precedence. A credential bound to no host is sent nowhere.
 *
 * @throws NodeError `connection.host`
 */
export function requireHost(connection: OpenConnection, implied: readonly string[], host: string, port: number): void {
  const hosts = connection.hosts.length > 0 ? connection.hosts : implied;
  const fits = hosts.some((entry) => {
    const wanted = splitHostPort(entry);
    return hostFits(wanted.host, host) && (wanted.port === null || wanted.port === port);
  });
  if (fits) return;
  const list = hosts.length > 0 ? `only to ${hosts.join(', ')}` : 'to no host yet';
  throw new NodeError(
    'connection.host',
    `The connection "${connection.name}" may be sent ${list}, not to ${host}. Add the host to the connection if that is meant.`,
  );
}
