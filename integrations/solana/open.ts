import { requireHost } from '../connection-hosts.ts';
import type { NodeContext, OpenConnection, ProviderContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { openConnection } from '../open-connection.ts';
import { type BoundChain, bindChain } from './chain/bind.ts';
import type { Cluster } from './chain/clusters.ts';
import type { Caller } from './chain/json-rpc.ts';
import type { Chain } from './chain/port.ts';
import { openChain } from './chain/provider.ts';
import type { Policy } from './policy.ts';
import { solanaRpc } from './rpc-connection.ts';
import { type Keypair, readKeypair } from './wallet/keypair.ts';
import { addressIn } from './wallet/secret-key.ts';
import { solanaWallet } from './wallet-connection.ts';

/** The chain that the node's connection leads to. */
export async function readingChain(ctx: ProviderContext): Promise<BoundChain> {
  const { chain, cluster } = namedChain(ctx);
  return bindChain(chain, cluster);
}

/** The same, by what the connection says, without asking the providers which chain they show. */
export const namedChain = (ctx: ProviderContext): { chain: Chain; cluster: Cluster } => chainOf(ctx, ctx.connection);

/** A wallet, opened. */
export interface OpenWallet {
  readonly connection: string;
  readonly keypair: Keypair;
  readonly policy: Policy | null;
  readonly chain: BoundChain;
}

/**
 * The wallet of the node, bound to its cluster. Its network outlives the step by as long as `signal` lets it, because a
 * payment that was sent must be watched although nobody waits for it any more.
 *
 * @throws NodeError `connection.*`, `solana.wrongCluster`
 */
export async function openWallet(ctx: NodeContext, signal: AbortSignal): Promise<OpenWallet> {
  const { connection, data } = openConnection(ctx.connection, solanaWallet);
  const caller: Caller = { fetch: guardedFetch(ctx.network, signal), signal, excerpt: ctx.excerpt };
  const { chain } = chainOf(caller, connection);
  const keypair = readKeypair(data.secretKey);
  if (!keypair) {
    throw new NodeError(
      'connection.invalid',
      `The secret key of the connection "${connection.name}" is damaged: its two halves do not belong together.`,
    );
  }
  return {
    connection: connection.name,
    keypair,
    policy: data.policy ?? null,
    chain: await bindChain(chain, data.cluster),
  };
}

function chainOf(caller: Caller, given: OpenConnection | null): { chain: Chain; cluster: Cluster } {
  const rpc = given?.type === solanaWallet.type ? (given.linked?.rpc ?? null) : given;
  const { connection, data } = openConnection(rpc, solanaRpc);
  const implied = solanaRpc.allowedHosts(data);
  for (const url of data.urls) {
    const { hostname, port, protocol } = new URL(url);
    requireHost(connection, implied, hostname, Number(port) || (protocol === 'https:' ? 443 : 80));
  }
  return { chain: openChain(caller, data.urls), cluster: data.cluster };
}

/** An address that was given, or that of the node's wallet. @throws NodeError `input.invalid` */
export function addressOf(ctx: Pick<ProviderContext, 'connection'>, given: string | undefined): string {
  const address = given ?? walletAddress(ctx);
  if (address !== null) return address;
  throw new NodeError('input.invalid', 'Give an address, or name a connection of type solana-wallet.');
}

/** The address of the node's wallet; null if its connection is none. */
export const walletAddress = ({ connection }: Pick<ProviderContext, 'connection'>): string | null =>
  connection?.type === solanaWallet.type ? addressIn(openConnection(connection, solanaWallet).data.secretKey) : null;
