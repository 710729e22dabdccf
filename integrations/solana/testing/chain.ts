import { randomBytes } from 'node:crypto';
import { toBase58 } from '../base58.ts';
import { readMessage } from '../wallet/read-message.ts';
import type { Svm } from './svm.ts';

/** A transaction that the chain took, for good or with an error. */
export interface Landed {
  readonly signature: string;
  readonly slot: number;
  readonly err: unknown;
  readonly blockhash: string;
}

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
  /** The ledger: everything that landed, in order. */
  readonly ledger: readonly Landed[];
  find(signature: string): Landed | undefined;
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
    take: (wire) => {
      const signature = toBase58(wire.subarray(1, 65));
      if (bySignature.has(signature)) return 'known';
      const message = readMessage(wire.subarray(65));
      if (!message) return 'unreadable';
      const from = heights.get(message.blockhash);
      if (from === undefined || height() > from + LIFE) return 'expired';
      const { err } = svm.execute(wire);
      if (isDropped(err)) return 'unreadable';
      advance(1);
      changed = height() + SKIPPED;
      const landed = { signature, slot: changed, err, blockhash: message.blockhash };
      ledger.push(landed);
      bySignature.set(signature, landed);
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
