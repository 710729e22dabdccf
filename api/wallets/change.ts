import { setTimeout } from 'node:timers/promises';
import { isSigning, lockConnection, resolvePayment, stopWallet } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { putIn } from '../connections/put.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { getWallet } from './list.ts';
import { openWalletIn, showWallet } from './open.ts';

/**
 * Replaces the policy of a wallet. It is sealed together with the key, so whoever can write rows of the database, but has no
 * key, cannot change it.
 *
 * @throws ApiProblem `connection.notFound`, `connection.invalid`
 */
export async function changePolicy(
  ctx: Context,
  input: { readonly name: string; readonly policy: Json; readonly by: string },
) {
  const { name, policy, by } = input;
  await ctx.tenant(async (tx) => {
    // Nobody stores another key or policy between the two.
    await lockConnection(tx, { name });
    const { type, data, hosts, rateLimit } = await openWalletIn(ctx, tx, { name });
    const { policy: _, ...rest } = data as Record<string, Json>;
    const next = { ...rest, ...(policy === null ? {} : { policy }) };
    await putIn(ctx, tx, { name, type, data: next, hosts: [...hosts], ...(rateLimit && { rateLimit }) });
  });
  ctx.triggerAlarm.ring();
  ctx.log.info({ wallet: name, by }, 'policy of a wallet replaced');
  return getWallet(ctx, { name });
}

/**
 * Stops a wallet, or starts it again. Whoever was signing when it was stopped is waited for: that takes some seconds at most.
 *
 * @throws ApiProblem `connection.notFound`
 */
export async function switchWallet(
  ctx: Context,
  input: {
    readonly name: string;
    readonly stopped: boolean;
    readonly because?: string | undefined;
    readonly by: string;
  },
) {
  const { name, stopped, because = null, by } = input;
  const { address } = await showWallet(ctx, { name });
  await ctx.tenant((tx) => stopWallet(tx, { address, stopped, because }));
  while (stopped && (await ctx.tenant((tx) => isSigning(tx, { address })))) await setTimeout(100);
  ctx.log.info({ wallet: name, by }, stopped ? 'wallet stopped' : 'wallet started');
  return getWallet(ctx, { name });
}

/** Decides about a payment that waits for a person. @throws ApiProblem `connection.notFound`, `payment.notWaiting` */
export async function decidePayment(
  ctx: Context,
  input: {
    readonly name: string;
    readonly payment: string;
    readonly hasPaid: boolean;
    readonly note: string;
    readonly by: string;
  },
): Promise<{ id: string; state: 'paid' | 'cancelled' }> {
  const { name, payment: id, hasPaid, note, by } = input;
  const { address } = await showWallet(ctx, { name });
  const decided = await ctx.tenant((tx) => resolvePayment(tx, { id, address, hasPaid, note, by }));
  if (!decided)
    throw new ApiProblem(
      'payment.notWaiting',
      `No payment ${id.slice(0, 12)}… of the wallet "${name}" waits for a person. GET /api/wallets/${name}/payments lists all.`,
    );
  return { id, state: hasPaid ? 'paid' : 'cancelled' };
}
