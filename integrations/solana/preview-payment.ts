import { z } from 'zod';
import { defineNode } from '../define.ts';
import { readPolicy } from './chain/policies.ts';
import { costs } from './estimate-fee.ts';
import { address, amount, money, RECIPIENT_KINDS } from './notation/fields.ts';
import { maxPriorityFee } from './payment/paid.ts';
import { asset, before, refusal } from './preview/fields.ts';

const recipient = () => address().describe('Address of the recipient.');

/** Shows what a payment would do. */
export const solanaPreviewPayment = defineNode({
  type: 'solana.previewPayment',
  version: '1.0.0',
  title: 'Preview a payment',
  description:
    'What a payment of a wallet would do now: its fee and rent, what the recipient is, and whether the wallet would make it. ' +
    'Nothing is signed, written or sent.',
  connection: { type: 'solana-wallet', required: true },
  effect: 'read',
  queue: 'wallet',
  ...readPolicy,
  input: z.strictObject({
    to: recipient(),
    asset: asset(),
    amount: amount().describe('Amount, as text.'),
    maxPriorityFee: maxPriorityFee(),
    before: before(),
  }),
  output: z.object({
    from: z.string().describe('Address of the wallet.'),
    to: z.string().describe('Address of the recipient.'),
    asset: z.string().describe('`SOL`, or the address of the mint.'),
    amount: z.string().describe('What would be paid, as a decimal text.'),
    raw: z.string().describe('The same in base units.'),
    recipient: z
      .object({
        kind: z
          .enum(RECIPIENT_KINDS)
          .describe(
            '`wallet`: it holds SOL. `new`: nobody has used it on this chain. `offCurve`: no key can own it. `tokenAccount`, ' +
              '`programAccount`: it belongs to a program. `program`: it is one.',
          ),
        owner: z.string().nullable().describe('The program that owns its account; null: there is no account.'),
        holds: money('What it holds of SOL'),
      })
      .describe('Who would be paid.'),
    costs: costs.nullable().describe('What the payment would cost; null if there can be no such payment.'),
    refusal: refusal(),
  }),
  examples: [
    { title: 'Before a quarter of a SOL', with: { to: 'So11111111111111111111111111111111111111112', amount: '0.25' } },
  ],
  errors: { 'solana.wrongCluster': 'The providers show another chain than that of the wallet.' },
  notes:
    'The payment is planned, compared with the policy of the wallet, and simulated, as it is before it is signed. Limits of days, runs and recipients are compared with ' +
    'what the ledger holds now; nothing is set aside, so a payment of somebody else may come first. `blok run --dry` asks this for each payment, with those before it.',
  async run(ctx, input) {
    const { openWallet } = await import('./open.ts');
    const { previewPayment } = await import('./preview/preview.ts');
    return previewPayment({ wallet: await openWallet(ctx, ctx.signal), payments: ctx.payments }, input);
  },
});
