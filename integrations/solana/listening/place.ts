import { readSeen, type Seen, shortHash, writeSeen } from '../../watching/seen.ts';
import type { Row } from './rows.ts';

/**
 * How far a watch has come in the history of an account: the last transaction that it is done with, and short hashes of
 * the others of the same slot. Without a signature: everything up to the end of the slot is done with.
 */
export type Mark = [slot: number, signature: string, seen: Seen];

/**
 * What is still to be done between the mark and the newest transactions, where that is more than a page: the end of each
 * page, from the newest page to the oldest one that was read. The row above the last one is where the next page begins,
 * so that each page shows by its first row that it belongs there.
 */
export type Backlog = PageEnd[];

/** The last row of a page, and the row above it. */
export type PageEnd = [slot: number, last: string, above: string];

/** Token accounts of an address that is watched. */
export type TokenAccounts = {
  /** The slot at which they were last listed. */
  readonly at: number;
  readonly accounts: string[];
  /** Those that the last list did not have any more: they are looked at until the next list. */
  readonly closed: string[];
};

/** A transaction that has fired before it was final. */
export type Early = {
  readonly slot: number;
  readonly failed: boolean;
  /** It started a run. */
  readonly fired: boolean;
};

/** Where a watch of transactions is. Accounts are named by short hashes, because there may be thousands. */
export type Place = {
  /** The chain, by its genesis hash. */
  readonly chain: string;
  /** The newest slot up to which the watch has looked. */
  readonly tip: number;
  /** The address with which the next look begins; 0: all have had their turn. */
  readonly next: number;
  /** An address that has had its turn has more to be taken. */
  readonly isPending?: boolean;
  readonly marks: Readonly<Record<string, Mark>>;
  readonly backlogs: Readonly<Record<string, Backlog>>;
  /** By short hash of the address. */
  readonly tokens: Readonly<Record<string, TokenAccounts>>;
  /** Transactions that are listed and that no provider can show, by signature; and the slot since which that is so. */
  readonly missing?: Readonly<Record<string, number>>;
  /** Transactions that were looked at before they were final, by signature. */
  readonly early?: Readonly<Record<string, Early>>;
};

/** The name of an account in a place. */
export const nameOf = (account: string): string => shortHash(account);

/** Tells whether a watch is done with a row, by the mark of its account. */
export function doneBy([slot, signature, seen]: Mark): (row: Row) => boolean {
  const others = readSeen(seen);
  return (row) => {
    if (row.slot !== slot) return row.slot < slot;
    return signature === '' || row.signature === signature || others.has(shortHash(row.signature));
  };
}

/** The mark after some rows of its account, the oldest first. */
export function markAfter(mark: Mark, rows: readonly Row[]): Mark {
  const last = rows.at(-1);
  if (!last) return mark;
  const [slot, signature, seen] = mark;
  const before = slot === last.slot && signature !== '' ? [...readSeen(seen), shortHash(signature)] : [];
  const same = rows.filter((row) => row.slot === last.slot && row !== last).map((row) => shortHash(row.signature));
  return [last.slot, last.signature, writeSeen(same, new Set(before), Number.POSITIVE_INFINITY)];
}
