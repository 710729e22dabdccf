import type { DeadLetter } from '../../define-trigger.ts';
import type { NodeError } from '../../error.ts';
import type { Draft } from './draft.ts';
import type { Finder } from './finder.ts';
import type { Archive } from './look-at.ts';

/** What a look works with, and what it has found so far. */
export interface Look<Item> {
  readonly archive: Archive;
  readonly finder: Finder<Item>;
  /** Token accounts of this mint alone are followed. */
  readonly mint: string | undefined;
  readonly draft: Draft;
  readonly tip: number;
  /**
   * The slot that a provider must have reached to list rows. 0: it is not told, because test chains (Surfpool) take it for the
   * first slot that is wanted.
   */
  readonly atLeast: number;
  /** All providers have thrown away where the watch is somewhere: what is left is taken. */
  readonly mayHaveForgotten: boolean;
  /** By key. */
  readonly items: Map<string, Item>;
  readonly deadLetters: DeadLetter[];
  /** Transactions that were dealt with before they were final, and have become final now. */
  readonly settled: Set<string>;
  /** Transactions that may still be looked up for the address at hand. */
  rowsLeft: number;
  /** The watch has moved on somewhere. */
  hasMoved: boolean;
  /** Something is left to be done at once. */
  hasMore: boolean;
  /** The address at hand waits for a transaction that nobody can show. */
  isHeldUp: boolean;
  /** What a provider failed with after something was taken. The rest is left to the next look. */
  failure: NodeError | null;
  /** The look has taken long enough. */
  isOver(): boolean;
}
