import { lockConnection, openConnection, openShown, putConnection, type Tenant } from '../../db/index.ts';
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
  readonly signer: { readonly type: string };
  readonly policy: Json;
}

/** The parts of a wallet's connection that are no secret. Its key stays closed. @throws ApiProblem `connection.notFound` */
export async function showWallet(ctx: Context, { name }: { readonly name: string }): Promise<ShownWallet> {
  const { keyring } = ctx;
  const { type, shown } = await orRefusal(() => ctx.tenant((tx) => openShown(tx, { name, keyring })));
  if (type !== WALLET) throw noConnection(name);
  return { name, ...((shown ?? (await setApart(ctx, name))) as Omit<ShownWallet, 'name'>) };
}

/** A wallet that was stored before its open part was kept apart is opened once more, and stored again. */
const setApart = (ctx: Context, name: string): Promise<Readonly<Record<string, unknown>>> =>
  ctx.tenant(async (tx) => {
    await lockConnection(tx, { name });
    const { data, type, hosts, rateLimit } = await openWalletIn(ctx, tx, { name });
    const shown = ctx.findConnectionType(WALLET)!.shows!(data as never);
    const { keyring } = ctx;
    await putConnection(tx, { name, type, data, hosts, shown, keyring, ...(rateLimit && { rateLimit }) });
    return shown;
  });

/** Opens a wallet's connection within a transaction, with its key. @throws ApiProblem `connection.notFound` if it is none */
export async function openWalletIn(ctx: Context, tx: Tenant, { name }: { readonly name: string }) {
  const { keyring } = ctx;
  const found = await orRefusal(() => openConnection(tx, { name, keyring }));
  if (found.type !== WALLET) throw noConnection(name);
  return found;
}
