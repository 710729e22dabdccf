import { z } from 'zod';
import { defineNode } from '../define.ts';
import { payPolicy } from './chain/policies.ts';
import { address, positiveSol } from './notation/fields.ts';
import { maxPriorityFee, paid, payErrors, payNotes, payOnce } from './payment/paid.ts';

/** Pays SOL. */
export const solanaTransferSol = defineNode({
  type: 'solana.transferSol',
  version: '1.0.0',
  title: 'Pay SOL',
  description:
    'Sends SOL from a wallet to an address, exactly once, within the policy of the wallet, and waits until the payment is final.',
  connection: { type: 'solana-wallet', required: true },
  effect: 'exactly-once',
  queue: 'wallet',
  ...payPolicy,
  input: z.strictObject({
    to: address().describe('Address of the recipient.'),
    amount: positiveSol().describe('Amount in SOL, as text: `"0.25"`.'),
    payOnce: payOnce(),
    maxPriorityFee: maxPriorityFee(),
  }),
  output: paid,
  examples: [
    { title: 'Pay a quarter of a SOL', with: { to: 'So11111111111111111111111111111111111111112', amount: '0.25' } },
    {
      title: 'Pay an invoice once, whoever asks',
      with: {
        to: 'So11111111111111111111111111111111111111112',
        amount: '1.5',
        payOnce: 'invoice-2026-0042',
      },
    },
  ],
  errors: payErrors,
  notes: payNotes,
  async run(ctx, input) {
    const { payOrder } = await import('./payment/pay-order.ts');
    return payOrder(ctx, { ...input, asset: 'SOL' });
  },
});
