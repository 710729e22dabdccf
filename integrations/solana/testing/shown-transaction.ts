import { feeOf } from '../chain/fee.ts';
import { readHeld, readMint } from '../chain/mint.ts';
import { COMPUTE_BUDGET } from '../chain/programs.ts';
import { toBase58 } from '../notation/base58.ts';
import type { Compiled } from './compiled.ts';
import type { Svm, SvmAccount, SvmInner, SvmResult } from './svm.ts';

/** The accounts of a message, at one moment. */
type Accounts = readonly (SvmAccount | null)[];

export const accountsNow = (svm: Svm, { accountKeys }: Compiled): Accounts =>
  accountKeys.map((address) => svm.account(address));

/** A transaction as `getTransaction` answers it with `encoding: 'json'`. Amounts keep every digit. */
export function shownTransaction(
  svm: Svm,
  given: {
    readonly signature: string;
    readonly slot: number;
    readonly message: Compiled;
    readonly before: Accounts;
    readonly result: SvmResult;
  },
) {
  const { signature, slot, message, before, result } = given;
  const { version, instructions, ...rest } = message;
  const after = accountsNow(svm, message);
  return {
    slot,
    blockTime: blockTimeOf(slot),
    version,
    transaction: {
      signatures: [signature],
      message: { ...rest, instructions: instructions.map(shownInstruction), ...(version === 0 && NO_LOOKUPS) },
    },
    meta: {
      err: result.err,
      fee: feeIn(message),
      preBalances: before.map(lamportsOf),
      postBalances: after.map(lamportsOf),
      preTokenBalances: tokensIn(svm, before),
      postTokenBalances: tokensIn(svm, after),
      innerInstructions: result.inner.flatMap((called, index) =>
        called.length === 0 ? [] : [{ index, instructions: called.map(shownInstruction) }],
      ),
      logMessages: result.logs,
      loadedAddresses: { writable: [], readonly: [] },
      computeUnitsConsumed: Number(result.units),
    },
  };
}

const NO_LOOKUPS = { addressTableLookups: [] };

/** Seconds since 1970, by the slot. */
export const blockTimeOf = (slot: number): number => 1_790_000_000 + Math.floor(slot * 0.4);

const lamportsOf = (account: SvmAccount | null) => ({ exact: account?.lamports ?? 0n });

const shownInstruction = ({ data, ...rest }: Omit<SvmInner, 'stackHeight'> & { readonly stackHeight?: number }) => ({
  ...rest,
  data: toBase58(data),
  stackHeight: rest.stackHeight ?? null,
});

function tokensIn(svm: Svm, accounts: Accounts) {
  return accounts.flatMap((account, accountIndex) => {
    const held = account && readHeld(account);
    if (!held) return [];
    const mint = svm.account(held.mint);
    const decimals = (mint && readMint(mint))?.decimals ?? 0;
    const owner = toBase58(account.data.subarray(32, 64));
    const uiTokenAmount = { amount: String(held.amount), decimals, uiAmount: null, uiAmountString: '' };
    return [{ accountIndex, mint: held.mint, owner, programId: account.owner, uiTokenAmount }];
  });
}

/** What the network takes, by the budget that stands in the message. */
function feeIn({ header, accountKeys, instructions }: Compiled): number {
  let [units, price] = [0n, 0n];
  for (const { programIdIndex, data } of instructions) {
    if (accountKeys[programIdIndex] !== COMPUTE_BUDGET) continue;
    if (data[0] === 2) units = BigInt(Buffer.from(data).readUInt32LE(1));
    if (data[0] === 3) price = Buffer.from(data).readBigUInt64LE(1);
  }
  return Number(feeOf(units, price)) + (header.numRequiredSignatures - 1) * 5_000;
}
