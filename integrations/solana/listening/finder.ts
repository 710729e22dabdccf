import type { DecodedTransaction } from '../chain/transactions/decoded.ts';

/** What a transaction means for a watched address. */
export interface Found<Item> {
  readonly items: readonly { readonly key: string; readonly item: Item }[];
  /** Why there may be more that nobody can read, or null. */
  readonly unread: string | null;
}

/** What a watch of the history of addresses looks for in it. */
export interface Finder<Item> {
  /** Whether transactions of this outcome are looked at. */
  counts(failed: boolean): boolean;
  find(transaction: DecodedTransaction, address: string): Found<Item>;
  /** One item for two addresses in which the same was found. */
  together(first: Item, second: Item): Item;
  /** The item as it is before the transaction is final. */
  early(item: Item): Item;
  /** Takes an item back that came early. */
  retracted(signature: string, address: string): Item;
}
