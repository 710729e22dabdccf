import { listConnections, walletSwitch, walletTotals } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { showWallet, WALLET } from './open.ts';

/** A wallet with what it holds and has spent. @throws ApiProblem `connection.notFound` */
export async function getWallet(ctx: Context, input: { readonly name: string }) {
  const wallet = await showWallet(ctx, input);
  const { address } = wallet;
  const { state, totals } = await ctx.tenant(async (tx) => ({
    state: await walletSwitch(tx, { address }),
    totals: await walletTotals(tx, { address }),
  }));
  const shown = totals.map(({ chain, asset, held, spent }) => ({ chain, asset, held: `${held}`, spent: `${spent}` }));
  return { ...wallet, ...state, totals: shown };
}

/** All wallets, by name. */
export async function listWallets(ctx: Context) {
  const all = await ctx.tenant(listConnections);
  const items = [];
  for (const { name, type } of all) if (type === WALLET) items.push(await getWallet(ctx, { name }));
  return { items };
}
