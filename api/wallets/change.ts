import { resolvePayment, stopWallet } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { put } from '../connections/put.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { getWallet } from './list.ts';
import { openWallet, showWallet } from './open.ts';

/**
 * Replaces the policy of a wallet. It is sealed together with the key, so whoever can write rows of the database, but has no
 * key, cannot change it.
 *
 * @throws ApiProblem `connection.notFound`, `connection.invalid`
 */
export async function changePolicy(ctx: Context, { name, policy }: { readonly name: string; readonly policy: Json }) {
  const { type, data, hosts, rateLimit } = await openWallet(ctx, { name });
  const { policy: _, ...rest } = data as Record<string, Json>;
  const next = { ...rest, ...(policy === null ? {} : { policy }) };
  await put(ctx, { name, type, data: next, hosts: [...hosts], ...(rateLimit && { rateLimit }) });
  return getWallet(ctx, { name });
}

/** Stops a wallet, or starts it again. @throws ApiProblem `connection.notFound` */
export async function switchWallet(
  ctx: Context,
  input: { readonly name: string; readonly stopped: boolean; readonly because?: string | undefined },
) {
  const { name, stopped, because = null } = input;
  const { address } = await showWallet(ctx, { name });
  await ctx.tenant((tx) => stopWallet(tx, { address, stopped, because }));
  return getWallet(ctx, { name });
}

/** Decides about a payment that waits for a person. @throws ApiProblem `connection.notFound`, `payment.notWaiting` */
export async function decidePayment(
  ctx: Context,
  input: { readonly name: string; readonly payment: string; readonly hasPaid: boolean; readonly note: string },
): Promise<{ id: string; state: 'paid' | 'cancelled' }> {
  const { name, payment: id, hasPaid, note } = input;
  const { address } = await showWallet(ctx, { name });
  const decided = await ctx.tenant((tx) => resolvePayment(tx, { id, address, hasPaid, note }));
  if (!decided)
    throw new ApiProblem(
      'payment.notWaiting',
      `No payment ${id.slice(0, 12)}… of the wallet "${name}" waits for a person. GET /api/wallets/${name}/payments lists all.`,
    );
  return { id, state: hasPaid ? 'paid' : 'cancelled' };
}
