import { openConnection, type Tenant } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { noConnection } from '../connections/get.ts';
import { orRefusal } from '../connections/refusals.ts';
import type { Context } from '../context.ts';

/** The type of connections that are wallets. */
export const WALLET = 'solana-wallet';

/** What may be shown of a wallet's connection. */
export interface ShownWallet {
  readonly name: string;
  readonly address: string;
  readonly cluster: string;
  readonly rpc: string;
  readonly policy: Json;
}

/** The parts of a wallet's connection that are no secret. @throws ApiProblem `connection.notFound` */
export async function showWallet(ctx: Context, { name }: { readonly name: string }): Promise<ShownWallet> {
  const { data } = await ctx.tenant((tx) => openWalletIn(ctx, tx, { name }));
  const shown = ctx.findConnectionType(WALLET)?.shows?.(data as never);
  return { name, ...(shown as Omit<ShownWallet, 'name'>) };
}

/** Opens a wallet's connection within a transaction. @throws ApiProblem `connection.notFound` if it is none */
export async function openWalletIn(ctx: Context, tx: Tenant, { name }: { readonly name: string }) {
  const { keyring } = ctx;
  const found = await orRefusal(() => openConnection(tx, { name, keyring }));
  if (found.type !== WALLET) throw noConnection(name);
  return found;
}
