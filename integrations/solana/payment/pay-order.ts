import type { NodeContext } from '../../context.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { withWallet } from './make-payment.ts';
import type { Paid } from './paid.ts';
import { transfer } from './transfer.ts';

/** What the nodes that pay are told. */
export interface PayInput {
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
  readonly payOnce?: string | undefined;
  readonly maxPriorityFee: string;
}

/** Pays from the wallet of the node. */
export const payOrder = (ctx: NodeContext, input: PayInput): Promise<Paid> =>
  withWallet(ctx, (wallet) =>
    transfer(ctx, wallet, {
      recipient: input.to,
      asset: input.asset,
      amount: input.amount,
      payOnce: input.payOnce ?? null,
      mostPriority: toUnits(input.maxPriorityFee, SOL_DECIMALS)!,
    }),
  );
