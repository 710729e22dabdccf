import { z } from 'zod';
import { listConnections, walletSwitch, walletTotals } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { ApiProblem } from '../http/problem.ts';
import { type Balances, balancesOf, inTime, NOT_ASKED } from './balances.ts';
import { showWallet, WALLET } from './open.ts';
import type { walletQuery, walletsQuery } from './schema.ts';

/** A wallet with what is set aside and was spent. @throws ApiProblem `connection.notFound` */
export async function getWallet(ctx: Context, input: { readonly name: string }, balances: Balances = NOT_ASKED) {
  const wallet = await showWallet(ctx, input);
  const { address } = wallet;
  const { state, totals } = await ctx.tenant(async (tx) => ({
    state: await walletSwitch(tx, { address }),
    totals: await walletTotals(tx, { address }),
  }));
  const shown = totals.map(({ chain, asset, held, spent }) => ({ chain, asset, held: `${held}`, spent: `${spent}` }));
  return { ...wallet, ...state, ...balances, totals: shown };
}

/** The same with what it holds on the chain. @throws ApiProblem `connection.notFound` */
export async function getWalletWithBalances(
  ctx: Context,
  { name, balances }: { readonly name: string } & z.output<typeof walletQuery>,
) {
  await showWallet(ctx, { name });
  return getWallet(ctx, { name }, balances === 'no' ? NOT_ASKED : await balancesOf(ctx, name, inTime()));
}

/** A wallet that somebody deleted while its balances were asked is in no list. */
function nullIfGone(error: unknown): null {
  if (error instanceof ApiProblem && error.code === 'connection.notFound') return null;
  throw error;
}

/** Where a page ends. */
const PLACE = z.string().max(100);

/** A page of the wallets, by name. @throws ApiProblem `request.invalid` */
export async function listWallets(ctx: Context, query: z.output<typeof walletsQuery>) {
  const { limit = 50, cursor, balances } = query;
  const after = cursor === undefined ? null : readCursor(cursor, PLACE);
  const all = (await ctx.tenant(listConnections)).filter(({ type }) => type === WALLET);
  const names = all.map(({ name }) => name).sort();
  const from = after === null ? 0 : names.findIndex((name) => name > after);
  const rows = from < 0 ? [] : names.slice(from, from + limit + 1);
  const page = pageOf(rows, { limit, placeOf: (name) => name, present: (name) => name });
  const signal = inTime();
  const asked = page.items.map((name) => (balances === 'no' ? NOT_ASKED : balancesOf(ctx, name, signal)));
  const held = await Promise.all(asked);
  const items = [];
  for (const [index, name] of page.items.entries()) {
    const wallet = await getWallet(ctx, { name }, held[index]).catch(nullIfGone);
    if (wallet) items.push(wallet);
  }
  return { items, next: page.next };
}
