import { createHash } from 'node:crypto';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { BoundChain } from '../chain/bind.ts';
import { reading } from '../chain/reading.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import type { OpenWallet } from '../open.ts';
import { makePayment, type PayingStep, requireLedger } from './make-payment.ts';
import { mintOf, moveOf } from './moves.ts';
import type { Paid } from './paid.ts';
import type { PayClock } from './pay.ts';
import { makePlan, type Order, type Planning } from './plan.ts';

/**
 * Pays what was ordered, once.
 *
 * @throws NodeError what refuses the payment, or leaves it to a person
 */
export async function transfer(ctx: PayingStep, wallet: OpenWallet, order: Order, clock?: PayClock): Promise<Paid> {
  const { chain, key, policy, connection } = wallet;
  const { recipient, asset } = order;
  if (recipient === key.address) throw new NodeError('input.invalid', 'The wallet would pay itself.');
  const id = paymentId(ctx, order, `${chain.name}/${key.address}`);
  // Of a payment that is under way, nobody has to be asked how many decimals the asset has.
  const found = await requireLedger(ctx.payments).read(id);
  const decimals = found?.terms.decimals ?? (await decimalsOf(chain, asset));
  const amount = unitsOf(order, decimals);
  const terms = { id, chain: chain.name, wallet: key.address, connection, recipient, asset, amount, decimals };
  const payment = {
    terms,
    planBy: async (given: Planning) =>
      makePlan(given, terms, order, await moveOf(given.provider, policy, terms, await mintOf(given.provider, asset))),
  };
  return makePayment(ctx, wallet, payment, clock);
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
