import type { Json } from '../../../graph/json.ts';
import type { DecodedTransaction } from './transactions/decoded.ts';

/** How sure a node of the network is. */
export type Commitment = 'processed' | 'confirmed' | 'finalized';

/** A point of the chain. Heights count blocks, slots also those without one. */
export interface Tip {
  readonly slot: bigint;
  readonly height: bigint;
}

/** An account, as it was at a slot. */
export interface Account {
  readonly lamports: bigint;
  /** The program that owns it. */
  readonly owner: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

/** Accounts at one slot, in the order in which they were asked for; null where there is none. */
export interface Accounts {
  readonly slot: bigint;
  readonly accounts: readonly (Account | null)[];
}

/** What would happen if a transaction landed now. */
export interface Simulation {
  readonly slot: bigint;
  /** The chain's own words; null if the transaction would succeed. */
  readonly error: Json;
  readonly logs: readonly string[];
  readonly units: bigint | null;
  /** The accounts that were asked about, as they would be. */
  readonly accounts: readonly (Account | null)[];
}

/** What a node of the network says about a signature. */
export interface SignatureStatus {
  readonly slot: bigint;
  readonly error: Json;
  readonly commitment: Commitment;
}

/** What an address holds of one asset, as it was final at a slot. */
export interface Held {
  readonly slot: bigint;
  readonly amount: bigint;
  /** Decimals of the asset; 0 for a token of which the address holds nothing. */
  readonly decimals: number;
}

/** How sure a node of the network is of what is in a block. */
export type Landed = Exclude<Commitment, 'processed'>;

/** An entry of an address's history. */
export interface HistoryEntry {
  readonly signature: string;
  readonly slot: bigint;
  readonly error: Json;
}

/** Which part of an address's history is asked for: at most `limit` entries, the newest first. */
export interface HistoryPage {
  readonly limit: number;
  readonly commitment: Landed;
  /** Only what is older than this signature. */
  readonly before?: string | undefined;
  /** Only what is newer than this signature. Providers that do not know the signature ignore it. */
  readonly until?: string | undefined;
}

/** A token account of somebody. */
export interface TokenHolding {
  readonly account: string;
  readonly mint: string;
  readonly program: string;
  readonly amount: bigint;
  readonly decimals: number;
}

/**
 * One provider of access to the chain: everything that Blok asks of it. No type of a library passes through here, and no
 * amount is a number.
 */
export interface Provider {
  /** Host of the provider, for people. Its address may hold a key. */
  readonly name: string;
  genesisHash(): Promise<string>;
  latestBlockhash(): Promise<{ readonly blockhash: string; readonly lastValidHeight: bigint }>;
  tip(commitment: Commitment): Promise<Tip>;
  /** @param atLeast a slot that the provider must have reached, or it refuses */
  accounts(addresses: readonly string[], atLeast?: bigint): Promise<Accounts>;
  tokensOf(owner: string): Promise<readonly TokenHolding[]>;
  /**
   * @param asset `SOL`, or the address of a mint
   * @param atLeast a slot that must be final for the provider, or it refuses
   */
  held(owner: string, asset: string, atLeast: bigint): Promise<Held>;
  /** What an account of that size must hold to exist. */
  rent(bytes: number): Promise<bigint>;
  /** The fee of a message, or null if its blockhash is not known any more. */
  fee(message: Uint8Array): Promise<bigint | null>;
  /** What others paid lately for one unit of work on these accounts, in millionths of a lamport. */
  recentPrices(addresses: readonly string[]): Promise<readonly bigint[]>;
  /** Signatures are not checked, and the blockhash is replaced. */
  simulate(wire: Uint8Array, addresses: readonly string[]): Promise<Simulation>;
  /** Hands bytes over, without any check and without anybody repeating them. Success says nothing. */
  send(wire: Uint8Array): Promise<void>;
  /** Also looks into the history. */
  statuses(signatures: readonly string[]): Promise<{
    readonly slot: bigint;
    readonly statuses: readonly (SignatureStatus | null)[];
  }>;
  airdrop(address: string, lamports: bigint): Promise<string>;
  /** A transaction, decoded; null: the provider does not know it. One that cannot be decoded is no failure. */
  transaction(signature: string, commitment: Landed): Promise<DecodedTransaction | null>;
  history(address: string, page: HistoryPage): Promise<readonly HistoryEntry[]>;
}

/** The chain, by one or more providers. */
export interface Chain {
  readonly providers: readonly [Provider, ...Provider[]];
}
