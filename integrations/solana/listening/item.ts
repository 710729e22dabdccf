import { z } from 'zod';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import { seenBy } from '../chain/transactions/seen-by.ts';
import { seenFields, transactionFields } from '../reading/transaction-fields.ts';
import { countsOutcome, type Filters, fitsChanges, fitsTransaction } from './filters.ts';
import type { Finder } from './finder.ts';

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

/** Finds the transactions that fit. */
export const transactionFinder = (filters: Filters): Finder<TransactionItem> => ({
  counts: (failed) => countsOutcome(filters, failed),
  find: (transaction, address) => {
    const item = fitFor(filters, transaction, address);
    return { items: item ? [{ key: transaction.signature, item }] : [], unread: null };
  },
  together: (first, { address, direction, changes }) => ({
    ...first,
    others: [...first.others, { address, direction, changes }],
  }),
  early: (item) => ({ ...item, state: 'confirmed' }),
  retracted: (signature, address) => ({
    ...{ signature, state: 'retracted', address, direction: 'none', changes: [], others: [], transaction: null },
  }),
});

/** What a transaction means for an address, if it fits. */
function fitFor(filters: Filters, transaction: DecodedTransaction, address: string): TransactionItem | null {
  if (!fitsTransaction(filters, transaction)) return null;
  const seen = seenBy(transaction, address);
  if (!fitsChanges(filters, seen.changes)) return null;
  const { signature } = transaction;
  return { signature, state: 'finalized', address, ...seen, others: [], transaction };
}
