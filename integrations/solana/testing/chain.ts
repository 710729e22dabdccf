import { randomBytes } from 'node:crypto';
import { toBase58 } from '../notation/base58.ts';
import { readCompiled } from './compiled.ts';
import { accountsNow, shownTransaction } from './shown-transaction.ts';
import type { Svm } from './svm.ts';

/** A transaction that the chain took, for good or with an error. */
export interface Landed {
  readonly signature: string;
  readonly slot: number;
  /** Its number in the whole chain. */
  readonly place: number;
  readonly err: unknown;
  readonly blockhash: string;
  /** Who finds it in their history. */
  readonly addresses: readonly string[];
  /** What `getTransaction` answers about it, or, if it throws, refuses. */
  readonly shown: () => unknown;
}

/** A transaction that no machine has executed, as tests make it up. */
export type Planted = Pick<Landed, 'addresses' | 'shown'> & Partial<Pick<Landed, 'signature' | 'err'>>;

/** Blocks for which a blockhash can be used. */
const LIFE = 150;

/** A chain of blocks on a virtual machine: heights, blockhashes that age, and finality after some blocks. */
export interface TestChain {
  readonly svm: Svm;
  readonly genesisHash: string;
  /** How far the chain is. Slots and heights differ, as on the real one. */
  tip(): { slot: number; height: number };
  /** The slot in which something changed last. */
  changedAt(): number;
  /** Makes empty blocks. */
  advance(blocks: number): void;
  /** The newest blockhash, as it was some blocks ago. */
  blockhash(blocksAgo?: number): { blockhash: string; height: number };
  knows(blockhash: string): boolean;
  /** Takes bytes, as a leader does: once, while their blockhash lives. */
  take(wire: Uint8Array): 'landed' | 'known' | 'expired' | 'unreadable';
  /** Adds a transaction to the block that is made now, or to a new one. */
  plant(planted: Planted, at?: { readonly sameBlock?: boolean }): Landed;
  /** The ledger: everything that landed, in order. */
  readonly ledger: readonly Landed[];
  find(signature: string): Landed | undefined;
  /** What an address finds in its history, the oldest first. */
  historyOf(address: string): readonly Landed[];
  /** Blocks after which one is final. */
  readonly finalAfter: number;
}

/** Slots without a block before the first height. */
const SKIPPED = 1_000;

/** Starts a chain. */
export function createChain(svm: Svm, { finalAfter = 8 }: { finalAfter?: number } = {}): TestChain {
  const newHash = (): string => toBase58(randomBytes(32));
  const hashes: string[] = [newHash()];
  const heights = new Map([[hashes[0]!, 0]]);
  const ledger: Landed[] = [];
  const bySignature = new Map<string, Landed>();
  const byAddress = new Map<string, Landed[]>();
  const add = (given: Omit<Landed, 'place'>): Landed => {
    const landed = { ...given, place: ledger.length };
    ledger.push(landed);
    bySignature.set(landed.signature, landed);
    for (const address of landed.addresses) {
      const known = byAddress.get(address) ?? [];
      known.push(landed);
      byAddress.set(address, known);
    }
    return landed;
  };
  let changed = SKIPPED;
  const height = (): number => hashes.length - 1;
  const advance = (blocks: number): void => {
    for (let count = 0; count < blocks; count += 1) {
      const hash = newHash();
      hashes.push(hash);
      heights.set(hash, height());
    }
  };
  const chain: TestChain = {
    svm,
    genesisHash: newHash(),
    finalAfter,
    ledger,
    advance,
    tip: () => ({ slot: height() + SKIPPED, height: height() }),
    changedAt: () => changed,
    blockhash: (blocksAgo = 0) => {
      const at = Math.max(0, height() - blocksAgo);
      return { blockhash: hashes[at]!, height: at };
    },
    knows: (blockhash) => heights.has(blockhash),
    find: (signature) => bySignature.get(signature),
    historyOf: (address) => byAddress.get(address) ?? [],
    plant: (planted, { sameBlock = false } = {}) => {
      if (!sameBlock) advance(1);
      changed = height() + SKIPPED;
      const signature = toBase58(randomBytes(64));
      return add({ signature, slot: changed, err: null, blockhash: '', ...planted });
    },
    take: (wire) => {
      const signature = toBase58(wire.subarray(1, 65));
      if (bySignature.has(signature)) return 'known';
      const message = readCompiled(wire.subarray(65));
      if (!message) return 'unreadable';
      const { recentBlockhash: blockhash, accountKeys: addresses } = message;
      const from = heights.get(blockhash);
      if (from === undefined || height() > from + LIFE) return 'expired';
      const before = accountsNow(svm, message);
      const result = svm.execute(wire);
      const { err } = result;
      if (isDropped(err)) return 'unreadable';
      advance(1);
      const slot = height() + SKIPPED;
      changed = slot;
      const shown = shownTransaction(svm, { signature, slot, message, before, result });
      add({ signature, slot, err, blockhash, addresses, shown: () => shown });
      return 'landed';
    },
  };
  advance(200);
  return chain;
}

/** Such a transaction does not even reach a block: nobody pays for it. */
const isDropped = (err: unknown): boolean =>
  typeof err === 'string' &&
  ['SignatureFailure', 'AccountNotFound', 'InsufficientFundsForFee', 'AlreadyProcessed'].includes(err);
