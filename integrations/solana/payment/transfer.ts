import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Payments, PaymentTerms } from '../../payments.ts';
import type { BoundChain } from '../chain/bind.ts';
import { reading } from '../chain/reading.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import type { OpenWallet } from '../open.ts';
import { createSigner } from '../wallet/signer.ts';
import { worthOf } from '../wallet/worth.ts';
import { mintOf, moveOf } from './moves.ts';
import type { Paid } from './paid.ts';
import { type PayClock, pay } from './pay.ts';
import { makePlan, type Order } from './plan.ts';
import { outcomeOf } from './settled.ts';
import { sweep } from './sweep.ts';

type Ctx = Pick<NodeContext, 'workspace' | 'idempotencyKey' | 'payments' | 'signal'>;

/**
 * Pays what was ordered, once.
 *
 * @throws NodeError what refuses the payment, or leaves it to a person
 */
export async function transfer(
  ctx: Ctx,
  wallet: OpenWallet,
  order: Order,
  clock: PayClock = usualClock(ctx.signal),
): Promise<Paid> {
  const { chain, key, policy, connection, prices } = wallet;
  const { address } = key;
  const payments = requireLedger(ctx.payments);
  const id = paymentId(ctx, order, `${chain.name}/${address}`);
  if (order.recipient === address) throw new NodeError('input.invalid', 'The wallet would pay itself.');
  await sweep(payments, chain, address);
  const found = await payments.read(id);
  const decimals = found?.terms.decimals ?? (await decimalsOf(chain, order.asset));
  const terms: PaymentTerms = {
    id,
    chain: chain.name,
    wallet: address,
    connection,
    recipient: order.recipient,
    asset: order.asset,
    amount: unitsOf(order, decimals),
    decimals,
  };
  const signer = createSigner({ key, policy, payments, now: () => new Date() });
  const plan = () =>
    reading(chain, async (provider) => {
      const move = await moveOf(provider, policy, terms, await mintOf(provider, terms.asset));
      const { attempts = [] } = (await payments.read(id)) ?? {};
      return makePlan({ provider, signer, payments, now: new Date(), attempts }, terms, order, move);
    });
  const worth = () => worthOf(prices, policy, terms);
  return outcomeOf(await pay({ payments, chain, signer, terms, plan, worth, cancelled: ctx.signal, clock }));
}

const decimalsOf = async (chain: BoundChain, asset: string): Promise<number> =>
  (await reading(chain, (provider) => mintOf(provider, asset)))?.decimals ?? SOL_DECIMALS;

function unitsOf({ asset, amount }: Order, decimals: number): bigint {
  const units = toUnits(amount, decimals);
  if (units !== null && units > 0n) return units;
  throw new NodeError(
    'input.invalid',
    `"${amount}" is no amount of ${asset} above zero with at most ${decimals} decimals.`,
  );
}

/** A payment belongs to its step, or to the name that its author gave it, and never to an attempt. */
export function paymentId(
  { workspace, idempotencyKey }: Pick<NodeContext, 'workspace' | 'idempotencyKey'>,
  { payOnce }: Pick<Order, 'payOnce'>,
  wallet: string,
): string {
  const name = payOnce === null ? ['step', idempotencyKey] : ['name', wallet, payOnce];
  return createHash('sha256')
    .update(JSON.stringify(['blok payment v1', workspace, ...name]))
    .digest('hex');
}

/** The ledger, without which nothing is paid. @throws NodeError `solana.noLedger` */
export function requireLedger(payments: Payments | undefined): Payments {
  if (payments) return payments;
  throw new NodeError('solana.noLedger', 'There is no ledger here, so nothing is paid.');
}

/** Looks soon after something was sent, and then every two seconds. */
export function usualClock(cancelled: AbortSignal): PayClock {
  let waits = 0;
  return {
    now: Date.now,
    pause: async () => {
      const ms = Math.min(2_000, 200 * 2 ** waits++) * (0.9 + Math.random() / 5);
      // Whoever cancels is heard at once.
      if (cancelled.aborted) await setTimeout(ms);
      else await setTimeout(ms, undefined, { signal: cancelled }).catch(() => undefined);
    },
    patienceMs: 40 * 60_000,
    lingerMs: 2 * 60_000,
  };
}
