import { z } from 'zod';
import { seenFields, transactionFields } from '../reading/transaction-fields.ts';

/** What `solana.transaction` fires with. */
export const transactionItem = seenFields.extend({
  signature: z.string().describe('Signature of the transaction.'),
  state: z
    .enum(['finalized', 'confirmed', 'retracted'])
    .describe(
      '`finalized`: it stays. `confirmed`: it may, very rarely, vanish again. `retracted`: an earlier item of this signature was ' +
        '`confirmed`, and the transaction did not become final, or not so that it fits.',
    ),
  address: z.string().describe('The watched address that it concerns; the first of them, if it concerns several.'),
  others: z.array(seenFields).describe('What it means for further watched addresses for which it fits.'),
  transaction: transactionFields.nullable().describe('The transaction; null if it is retracted.'),
});

export type TransactionItem = z.input<typeof transactionItem>;
