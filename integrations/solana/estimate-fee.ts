import { z } from 'zod';
import { defineNode } from '../define.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { address, amount, money } from './notation/fields.ts';
import { maxPriorityFee } from './payment/paid.ts';

/** What a payment costs. */
export const costs = z.object({
  fee: money('The fee of the network, in SOL, with what is paid for being served soon'),
  rent: money('Rent for the token account of the recipient, in SOL'),
  receipt: money('What a receipt account holds, in SOL, if the policy of the wallet asks for one'),
  total: money('All of it, in SOL'),
});

/** What a payment would cost. */
export const solanaEstimateFee = defineNode({
  type: 'solana.estimateFee',
  version: '1.0.0',
  title: 'Estimate a fee',
  description:
    'What a payment of SOL or tokens would cost now: the fee of the network, and rent for accounts that it makes.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({
    from: address().optional().describe('Who pays. Default: the wallet, if the connection is one.'),
    to: address().describe('Address of the recipient.'),
    asset: z
      .union([z.literal('SOL'), address()])
      .default('SOL')
      .describe('`SOL`, or the address of a mint.'),
    amount: amount().describe('Amount, as text.'),
    maxPriorityFee: maxPriorityFee(),
  }),
  output: costs,
  examples: [
    {
      title: 'A payment of one SOL',
      with: {
        from: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
        to: 'So11111111111111111111111111111111111111112',
        amount: '1',
      },
    },
  ],
  async run(ctx, input) {
    const { estimate } = await import('./reading/estimate.ts');
    return estimate(ctx, input);
  },
});
