import { z } from 'zod';
import type { NodeContext, OpenConnection, ProviderContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { openConnection } from '../open-connection.ts';
import { type BoundChain, bindChain } from './chain/bind.ts';
import type { Cluster } from './chain/clusters.ts';
import type { Caller } from './chain/json-rpc.ts';
import type { Chain } from './chain/port.ts';
import type { Policy } from './policy.ts';
import { heldKey, type WalletKey } from './wallet/key.ts';
import { readKeypair } from './wallet/keypair.ts';
import { chainBy, requireServer } from './wallet/open-linked.ts';
import { addressOfService } from './wallet/services/fields.ts';
import { openRemote } from './wallet/services/open.ts';
import { remoteKey } from './wallet/services/remote-key.ts';
import { addressOfWallet, solanaWallet } from './wallet/wallet-connection.ts';
import type { PriceSource } from './wallet/worth.ts';

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
  readonly key: WalletKey;
  readonly policy: Policy | null;
  readonly chain: BoundChain;
  /** Asks what an asset costs; null: the wallet names no feeds. */
  readonly prices: PriceSource | null;
}

/**
 * The wallet of the node, bound to its cluster. Its network outlives the step by as long as `signal` lets it, because a
 * payment that was sent must be watched although nobody waits for it any more. A service that keeps the key is asked when
 * something is to be signed.
 *
 * @throws NodeError `connection.*`, `solana.wrongCluster`
 */
export async function openWallet(ctx: NodeContext, signal: AbortSignal): Promise<OpenWallet> {
  const { connection, data } = openConnection(ctx.connection, solanaWallet);
  const caller: Caller = { fetch: guardedFetch(ctx.network, signal), signal, excerpt: ctx.excerpt };
  const { chain } = chainOf(caller, connection);
  return {
    connection: connection.name,
    key: keyOf(caller, connection, data),
    policy: data.policy ?? null,
    chain: await bindChain(chain, data.cluster),
    prices: pricesOf(caller, connection.linked?.prices),
  };
}

function pricesOf(caller: Caller, feeds: OpenConnection | undefined): PriceSource | null {
  if (!feeds) return null;
  return async (wish) => {
    const { openFeeds } = await import('./prices/open.ts');
    const { agreedPrice } = await import('./prices/agreed-price.ts');
    const opened = openFeeds({ ...caller, turn: () => Promise.resolve() }, feeds);
    return agreedPrice({ feeds: opened, signal: caller.signal, now: Date.now }, wish);
  };
}

/** @throws NodeError `connection.invalid`, `connection.host` */
function keyOf(caller: Caller, connection: OpenConnection, data: z.output<typeof solanaWallet.fields>): WalletKey {
  const remote = data.signer ? openRemote(caller, data.signer, data.credentials) : null;
  if (remote) {
    requireServer(connection, solanaWallet.allowedHosts(data), addressOfService(data.signer!)!);
    return remoteKey(remote, addressOfWallet(data));
  }
  const keypair = readKeypair(data.secretKey!);
  if (keypair) return heldKey(keypair);
  throw new NodeError(
    'connection.invalid',
    `The secret key of the connection "${connection.name}" is damaged: its two halves do not belong together.`,
  );
}

const chainOf = (caller: Caller, given: OpenConnection | null): { chain: Chain; cluster: Cluster } =>
  chainBy(caller, given?.type === solanaWallet.type ? (given.linked?.rpc ?? null) : given);

/** What may be shown of a wallet holds its address. */
const SHOWN = z.looseObject({ address: z.string() });

/** An address that was given, or that of the node's wallet. @throws NodeError `input.invalid` */
export function addressOf(ctx: Pick<ProviderContext, 'connection'>, given: string | undefined): string {
  const address = given ?? walletAddress(ctx);
  if (address !== null) return address;
  throw new NodeError('input.invalid', 'Give an address, or name a connection of type solana-wallet.');
}

/** The address of the node's wallet; null if its connection is none. */
export function walletAddress({ connection }: Pick<ProviderContext, 'connection'>): string | null {
  if (connection?.type !== solanaWallet.type) return null;
  const shown = SHOWN.safeParse(connection.data);
  return shown.success ? shown.data.address : addressOfWallet(openConnection(connection, solanaWallet).data);
}
