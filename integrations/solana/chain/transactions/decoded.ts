import type { Json } from '../../../../graph/json.ts';

/** An amount: a decimal text, never a number. */
export interface Amount {
  /** In base units; below zero if it is a loss. */
  readonly raw: string;
  readonly decimals: number;
  /** The same as a decimal text. */
  readonly text: string;
}

/** What an account holds more or less after a transaction. */
export interface BalanceChange extends Amount {
  /** The account itself; of tokens, the token account. */
  readonly account: string;
  /** Whose it is: of tokens, the owner of the token account; null if the provider does not say. Of SOL, the account. */
  readonly owner: string | null;
  /** `SOL`, or the address of a mint. */
  readonly asset: string;
  readonly direction: 'in' | 'out';
}

/** A transfer that the instructions of the system and of the token programs made, also within other programs. */
export interface Transfer {
  /** `SOL`, the address of a mint, or null if neither the instruction nor the balances say which one. */
  readonly asset: string | null;
  /** The accounts; of tokens, the token accounts. */
  readonly from: string;
  readonly to: string;
  /** Whose they are, if it is known. */
  readonly fromOwner: string | null;
  readonly toOwner: string | null;
  /** In base units, before a fee of the mint is taken. */
  readonly raw: string;
  readonly decimals: number | null;
  readonly text: string | null;
  readonly inner: boolean;
}

/** An instruction, in the order in which it was executed. */
export interface DecodedInstruction {
  readonly program: string;
  readonly accounts: string[];
  /** Base64. */
  readonly data: string;
  /** Number of the instruction of the transaction that it is, or that led to it. */
  readonly index: number;
  /** Another program called it. */
  readonly inner: boolean;
  /** 1: it is an instruction of the transaction itself; 2: one of these called it, and so on. Null: the provider does not say. */
  readonly depth: number | null;
}

/**
 * A transaction of the chain, in Blok's words. One that cannot be decoded is one, too: then `status` is `undecodable`,
 * `undecodable` says why, and everything else is null or empty.
 */
export interface DecodedTransaction {
  readonly signature: string;
  readonly slot: string | null;
  /** ISO time; null if the provider does not know it. */
  readonly blockTime: string | null;
  readonly status: 'succeeded' | 'failed' | 'undecodable';
  readonly undecodable: string | null;
  /** The chain's own words; null if it succeeded. */
  readonly error: Json;
  readonly version: 'legacy' | '0' | '1' | null;
  /** What the network took, in SOL. */
  readonly fee: Amount | null;
  readonly feePayer: string | null;
  readonly signers: string[];
  /** By account and asset, from what accounts held before and after. The loss of the fee payer includes the fee. */
  readonly changes: BalanceChange[];
  readonly transfers: Transfer[];
  readonly memos: string[];
  /** Programs that were called, also by other programs. */
  readonly programs: string[];
  readonly instructions: DecodedInstruction[];
  readonly logs: string[];
  /** Lines of the log are missing: the chain or Blok cut it. */
  readonly logsCut: boolean;
}

/** A transaction of which nothing is known but its signature, and why. */
export const undecodable = (
  signature: string,
  reason: string,
  known: Partial<Pick<DecodedTransaction, 'slot' | 'blockTime'>> = {},
): DecodedTransaction => ({
  ...{ signature, slot: null, blockTime: null, ...known, status: 'undecodable', undecodable: reason },
  ...{ error: null, version: null, fee: null, feePayer: null, signers: [], changes: [], transfers: [] },
  ...{ memos: [], programs: [], instructions: [], logs: [], logsCut: false },
});
