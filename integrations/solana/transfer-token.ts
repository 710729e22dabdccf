import { z } from 'zod';
import { defineNode } from '../define.ts';
import { payPolicy } from './chain/policies.ts';
import { address, amount } from './notation/fields.ts';
import { maxPriorityFee, paid, payErrors, payNotes, payOnce } from './payment/paid.ts';

/** Pays tokens. */
export const solanaTransferToken = defineNode({
  type: 'solana.transferToken',
  version: '1.0.0',
  title: 'Pay tokens',
  description:
    'Sends tokens of the Token or the Token-2022 program from a wallet to an address, exactly once, and makes the token account ' +
    'of the recipient if there is none.',
  connection: { type: 'solana-wallet', required: true },
  effect: 'exactly-once',
  queue: 'wallet',
  ...payPolicy,
  input: z.strictObject({
    to: address().describe('Address of the recipient: of the wallet, not of its token account.'),
    mint: address().describe('Address of the mint.'),
    amount: amount().describe('Amount in whole tokens, as text: `"12.5"`.'),
    payOnce: payOnce(),
    maxPriorityFee: maxPriorityFee(),
  }),
  output: paid,
  examples: [
    {
      title: 'Pay 12.5 USDC',
      with: {
        to: 'So11111111111111111111111111111111111111112',
        mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
        amount: '12.5',
      },
    },
  ],
  errors: { ...payErrors, 'solana.mint': 'There is no such mint on this chain.' },
  notes: payNotes,
  async run(ctx, { mint, ...input }) {
    const { payOrder } = await import('./payment/pay-order.ts');
    return payOrder(ctx, { ...input, asset: mint });
  },
});
