import { requireHost } from '../connection-hosts.ts';
import type { OpenConnection } from '../context.ts';
import { NodeError } from '../error.ts';
import { openConnection } from '../open-connection.ts';
import { httpBasic, httpBearer, httpHeader } from './connection.ts';

/** How a connection shows itself to a server: a header, or a query parameter. */
export interface Credential {
  readonly in: 'header' | 'query';
  readonly name: string;
  readonly value: string;
}

/**
 * The credential of a connection for this address, after checking that it may go there. It is applied when the request
 * is sent and stands nowhere else: not in the request the author sees, not in errors, not in the output.
 *
 * @throws NodeError `connection.host`, `connection.type`, `connection.invalid`
 */
export function credentialFor(connection: OpenConnection, url: URL): Credential {
  requireHost(connection, [], url.hostname, Number(url.port || (url.protocol === 'https:' ? 443 : 80)));
  if (connection.type === httpBearer.type) {
    const { token } = openConnection(connection, httpBearer).data;
    return { in: 'header', name: 'authorization', value: `Bearer ${token}` };
  }
  if (connection.type === httpBasic.type) {
    const { user, password } = openConnection(connection, httpBasic).data;
    const pair = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    return { in: 'header', name: 'authorization', value: `Basic ${pair}` };
  }
  if (connection.type === httpHeader.type) {
    const { name, value, in: place } = openConnection(connection, httpHeader).data;
    return { in: place, name: place === 'header' ? name.toLowerCase() : name, value };
  }
  throw new NodeError(
    'connection.type',
    `The connection "${connection.name}" is of type ${connection.type}; http.request takes http-bearer, http-basic or http-header.`,
  );
}
