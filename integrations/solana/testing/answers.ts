/** Answers of `getTransaction` that tests make up. */
import { randomBytes } from 'node:crypto';
import { MEMO_PROGRAMS, SYSTEM } from '../chain/programs.ts';
import { toBase58 } from '../notation/base58.ts';

/** What a transaction of two accounts says. */
export interface AnswerKind {
  readonly signature?: string;
  readonly slot?: number;
  readonly version?: unknown;
  readonly from: string;
  readonly to: string;
  readonly lamports?: number;
  readonly error?: unknown;
  readonly memo?: string;
}

/** A transfer of lamports, as a provider shows it. */
export function answerOf(kind: AnswerKind) {
  const { signature = toBase58(randomBytes(64)), slot = 1_234, version = 0, from, to, lamports = 1_000 } = kind;
  const data = Buffer.alloc(12);
  data.writeUInt32LE(2);
  data.writeBigUInt64LE(BigInt(lamports), 4);
  const [fee, error] = [5_000, kind.error ?? null];
  const moved = error === null ? lamports : 0;
  const note =
    kind.memo === undefined ? [] : [{ programIdIndex: 3, accounts: [], data: toBase58(Buffer.from(kind.memo)) }];
  return {
    ...{ slot, blockTime: 1_790_000_000, version },
    transaction: {
      signatures: [signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 2 },
        accountKeys: [from, to, SYSTEM, MEMO_PROGRAMS[1]!],
        recentBlockhash: toBase58(Buffer.alloc(32, 1)),
        instructions: [{ programIdIndex: 2, accounts: [0, 1], data: toBase58(data), stackHeight: null }, ...note],
        ...(version === 0 && { addressTableLookups: [] }),
        ...(version === 1 && { transactionConfig: { computeUnitLimit: 1_000, priorityFee: 0 } }),
      },
    },
    meta: {
      ...{ err: error, fee, preTokenBalances: [], postTokenBalances: [], innerInstructions: [] },
      preBalances: [1_000_000_000, 2_000_000, 1, 1],
      postBalances: [1_000_000_000 - moved - fee, 2_000_000 + moved, 1, 1],
      logMessages: [`Program ${SYSTEM} invoke [1]`, `Program ${SYSTEM} success`],
      loadedAddresses: { writable: [], readonly: [] },
    },
  };
}
