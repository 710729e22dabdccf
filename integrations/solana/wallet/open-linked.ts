import type { z } from 'zod';
import { requireHost } from '../../connection-hosts.ts';
import type { OpenConnection } from '../../context.ts';
import { openConnection } from '../../open-connection.ts';
import { type BoundChain, bindChain } from '../chain/bind.ts';
import type { Cluster } from '../chain/clusters.ts';
import type { Caller } from '../chain/json-rpc.ts';
import type { Chain } from '../chain/port.ts';
import { openChain } from '../chain/provider.ts';
import { solanaRpc } from '../chain/rpc-connection.ts';

/**
 * The chain by a connection of the type `solana-rpc`, before anybody has asked which chain its providers show.
 *
 * @throws NodeError `connection.*`
 */
export function chainBy(caller: Caller, rpc: OpenConnection | null): { chain: Chain; cluster: Cluster } {
  const { urls, cluster } = rpcAccess(rpc);
  return { chain: openChain(caller, urls), cluster };
}

/** Where the providers of a connection are, and their WebSocket. @throws NodeError `connection.*` */
export function rpcAccess(rpc: OpenConnection | null): z.output<typeof solanaRpc.fields> {
  const { connection, data } = openConnection(rpc, solanaRpc);
  const implied = solanaRpc.allowedHosts(data);
  for (const url of [...data.urls, ...(data.websocket === undefined ? [] : [data.websocket])])
    requireServer(connection, implied, url);
  return data;
}

/** The chain that a wallet names, bound to the wallet's cluster. @throws NodeError `connection.*`, `solana.wrongCluster` */
export const openLinked = (caller: Caller, rpc: OpenConnection | null, cluster: Cluster): Promise<BoundChain> =>
  bindChain(chainBy(caller, rpc).chain, cluster);

/** @throws NodeError `connection.host` */
export function requireServer(connection: OpenConnection, implied: readonly string[], url: string): void {
  const { hostname, port, protocol } = new URL(url);
  requireHost(connection, implied, hostname, Number(port) || (/^(https|wss):$/.test(protocol) ? 443 : 80));
}
