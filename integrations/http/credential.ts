import type { OpenConnection } from '../context.ts';
import { NodeError } from '../error.ts';
import { type Certificates, certificatesOf } from '../network/certificate-fields.ts';
import { openConnection } from '../open-connection.ts';
import { basicFields, bearerFields, certificateOnlyFields, headerFields, openedFields } from './connection-fields.ts';

/** How a connection identifies itself to a server: by a header, or by a query parameter. */
export interface Credential {
  readonly in: 'header' | 'query';
  readonly name: string;
  readonly value: string;
}

/** The contents of a connection: a credential, certificates, or both. */
export interface Holdings {
  readonly credential: Credential | null;
  readonly certificates: Certificates;
}

/**
 * The contents of a connection. The credential is applied when a request is sent and appears nowhere else: not in the
 * request the author sees, not in errors, not in the output.
 *
 * @throws NodeError `connection.type`, `connection.invalid`
 */
export function holdingsOf(connection: OpenConnection): Holdings {
  const { type } = connection;
  if (type === 'http-bearer') {
    const { data } = openConnection(connection, { type, fields: bearerFields });
    return { credential: authorization(`Bearer ${data.token}`), certificates: certificatesOf(data) };
  }
  if (type === 'http-basic') {
    const { data } = openConnection(connection, { type, fields: basicFields });
    const pair = Buffer.from(`${data.user}:${data.password}`, 'utf8').toString('base64');
    return { credential: authorization(`Basic ${pair}`), certificates: certificatesOf(data) };
  }
  if (type === 'http-header') {
    const { data } = openConnection(connection, { type, fields: headerFields });
    const { name, value, in: place } = data;
    const credential: Credential = { in: place, name: place === 'header' ? name.toLowerCase() : name, value };
    return { credential, certificates: certificatesOf(data) };
  }
  if (type === 'http-certificate') {
    const { data } = openConnection(connection, { type, fields: certificateOnlyFields });
    return { credential: null, certificates: certificatesOf(data) };
  }
  if (type === 'oauth2') {
    const { data } = openConnection(connection, { type, fields: openedFields });
    return { credential: authorization(`Bearer ${data.accessToken}`), certificates: {} };
  }
  throw new NodeError(
    'connection.type',
    `The connection "${connection.name}" is of type ${type}; http.request takes http-bearer, http-basic, http-header, http-certificate or oauth2.`,
  );
}

const authorization = (value: string): Credential => ({ in: 'header', name: 'authorization', value });
