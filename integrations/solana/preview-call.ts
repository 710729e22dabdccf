import { z } from 'zod';
import { defineNode } from '../define.ts';
import { solanaCallProgram } from './call-program.ts';
import { readPolicy } from './chain/policies.ts';
import { costs } from './estimate-fee.ts';
import { money } from './notation/fields.ts';
import { before, refusal } from './preview/fields.ts';

/** Shows what a call of a program would take. */
export const solanaPreviewCall = defineNode({
  type: 'solana.previewCall',
  version: '1.0.0',
  title: 'Preview a call of a program',
  description:
    'What a call of a program would take from a wallet now, by a simulation, what it would cost, and whether the wallet would make it. ' +
    'Nothing is signed, written or sent.',
  connection: { type: 'solana-wallet', required: true },
  effect: 'read',
  queue: 'wallet',
  ...readPolicy,
  input: solanaCallProgram.input.omit({ payOnce: true }).extend({ before: before() }),
  output: z.object({
    from: z.string().describe('Address of the wallet.'),
    program: z.string().describe('Address of the program.'),
    takes: z
      .array(money('What the wallet would lose of it').extend({ asset: z.string().describe('`SOL`, or a mint.') }))
      .nullable()
      .describe('What the wallet would lose besides costs, rent of new accounts included; null: the call would fail.'),
    costs: costs.nullable().describe('What the call would cost; null if the wallet would not get so far.'),
    refusal: refusal(),
  }),
  examples: [
    {
      title: 'Before a memo is written',
      with: {
        program: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
        accounts: [{ address: 'wallet', signer: true }],
        data: 'aGVsbG8=',
      },
    },
  ],
  errors: { 'solana.wrongCluster': 'The providers show another chain than that of the wallet.' },
  notes:
    'The call is planned, compared with the policy of the wallet, and simulated, as it is before it is signed. What it does then may be something else, because the chain moves on. Nothing is set ' +
    'aside, so a payment of somebody else may come first. `blok run --dry` asks this for each call, with the payments before it.',
  async run(ctx, input) {
    const { openWallet } = await import('./open.ts');
    const { previewCall } = await import('./preview/preview-call.ts');
    return previewCall({ wallet: await openWallet(ctx, ctx.signal), payments: ctx.payments }, input);
  },
});
