import { z } from 'zod';
import { defineNode } from '../define.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { address, signature } from './notation/fields.ts';
import { landedCommitment, seenFields, transactionFields } from './reading/transaction-fields.ts';

/** Looks a transaction up and decodes it. */
export const solanaTransaction = defineNode({
  type: 'solana.transaction',
  version: '1.0.0',
  title: 'Read a transaction',
  description:
    'A transaction by its signature, decoded: what each account holds more or less, transfers, fee, memo, logs, and what it means for ' +
    'an address. One that does not exist or cannot be decoded is an answer, not a failure.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({
    signature: signature().describe('Signature of the transaction.'),
    address: address()
      .optional()
      .describe(
        'For whom `seen` tells the direction. Default: the wallet, if the connection is one, or the fee payer.',
      ),
    commitment: landedCommitment('confirmed'),
  }),
  output: z.object({
    found: z
      .boolean()
      .describe('Whether a provider knows it. If not, it may still land, or be older than what providers remember.'),
    transaction: transactionFields.nullable().describe('The transaction; null if no provider knows it.'),
    seen: seenFields.nullable().describe('What it means for the address; null if nothing is known of it.'),
  }),
  examples: [
    {
      title: 'What a payment did',
      with: { signature: '1111111111111111111111111111111111111111111111111111111111111111' },
    },
    {
      title: 'What somebody got, for good',
      with: {
        signature: '1111111111111111111111111111111111111111111111111111111111111111',
        address: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
        commitment: 'finalized',
      },
    },
  ],
  notes:
    'All providers of the connection are asked, one after the other, until one can show the transaction. Amounts come from the balances ' +
    'before and after it, so they count what programs move among each other, and fees of mints. Transactions of versions legacy, 0 ' +
    'and 1 are decoded; of any other, `status` is `undecodable`.',
  async run(ctx, input) {
    const { lookUp } = await import('./reading/look-up.ts');
    return lookUp(ctx, input);
  },
});
