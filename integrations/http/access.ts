import type { Dispatcher } from 'undici';
import { requireHost } from '../connection-hosts.ts';
import type { Network, OpenConnection } from '../context.ts';
import { secureContextOf } from '../network/secure-context.ts';
import { type Address, withParameter } from './address.ts';
import { type Holdings, holdingsOf } from './credential.ts';

/** An opened connection, as requests use it. It is sent to the hosts it is bound to and nowhere else. */
export interface Access extends Omit<Holdings, 'credential'> {
  connection: OpenConnection;
  credential: Holdings['credential'];
  /** The dispatcher with the connection's certificates; null if it has none. */
  readonly dispatcher: Dispatcher | null;
}

/** Opens a connection for the duration of some work. Without a connection, the work gets null. */
export async function withAccess<T>(
  network: Network,
  connection: OpenConnection | null,
  work: (access: Access | null) => Promise<T>,
): Promise<T> {
  if (connection === null) return work(null);
  const holdings = holdingsOf(connection);
  const context = secureContextOf(connection.name, holdings.certificates);
  const secured = context && network.secured(context);
  try {
    return await work({ ...holdings, connection, dispatcher: secured?.dispatcher ?? null });
  } finally {
    await secured?.close();
  }
}

/** Gives an access another token, for this request and those that follow. @returns false if there is no other to be had */
export async function renewAccess(access: Access): Promise<boolean> {
  const connection = await access.connection.renew?.();
  if (connection === undefined) return false;
  access.connection = connection;
  access.credential = holdingsOf(connection).credential;
  return true;
}

type Target = Address & { readonly headers: Readonly<Record<string, string>> };

/**
 * A request with the credential in it, after checking that the credential may be sent to this host.
 *
 * @throws NodeError `connection.host`
 */
export function withCredential<T extends Target>(target: T, { connection, credential }: Access): T {
  const { hostname, port, protocol } = target.url;
  requireHost(connection, [], hostname, Number(port || (protocol === 'https:' ? 443 : 80)));
  if (credential === null) return target;
  const { in: place, name, value } = credential;
  if (place === 'query') return withParameter(target, name, value);
  return { ...target, headers: { ...target.headers, [name]: value } };
}
