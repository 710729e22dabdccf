import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import { seenBy } from '../chain/transactions/seen-by.ts';
import { countsOutcome, type Filters, fitsChanges, fitsTransaction, requirePattern } from './filters.ts';
import type { Finder } from './finder.ts';
import type { TransactionItem } from './item.ts';

/** Finds the transactions that fit. @throws NodeError `input.invalid` if the pattern of a memo is none */
export function transactionFinder(filters: Filters): Finder<TransactionItem> {
  requirePattern(filters);
  return finderBy(filters);
}

const finderBy = (filters: Filters): Finder<TransactionItem> => ({
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
