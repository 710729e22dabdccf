import type { Address, EncodedAccount, Lamports } from '@solana/kit';
import type { FailedTransactionMetadata, TransactionMetadata } from 'litesvm';
import { SYSTEM } from '../chain/programs.ts';

/** What the tests need of a Solana virtual machine; `litesvm` is behind it. */
export interface Svm {
  fund(address: string, lamports: bigint): void;
  account(address: string): SvmAccount | null;
  setAccount(address: string, account: SvmAccount): void;
  rent(bytes: number): bigint;
  /** Executes a transaction, whatever its blockhash. */
  execute(wire: Uint8Array): SvmResult;
  /** The same without keeping what it changes, and without looking at signatures. */
  simulate(wire: Uint8Array): SvmResult & { readonly after: ReadonlyMap<string, SvmAccount> };
}

export interface SvmAccount {
  readonly lamports: bigint;
  readonly data: Uint8Array;
  readonly owner: string;
  readonly executable: boolean;
}

/** How a transaction ended, in the words of JSON-RPC. */
export interface SvmResult {
  readonly err: unknown;
  readonly logs: readonly string[];
  readonly units: bigint;
  /** What programs called, by instruction. */
  readonly inner: readonly (readonly SvmInner[])[];
}

/** An instruction that a program called, with the numbers of its accounts. */
export interface SvmInner {
  readonly programIdIndex: number;
  readonly accounts: number[];
  readonly data: Uint8Array;
  readonly stackHeight: number;
}

/** Errors of a transaction that have no content, by the machine's numbers. */
const TRANSACTION_ERRORS: Readonly<Record<number, string>> = {
  2: 'AccountNotFound',
  4: 'InsufficientFundsForFee',
  6: 'AlreadyProcessed',
  7: 'BlockhashNotFound',
  11: 'SignatureFailure',
};

/** Starts a machine. It takes every blockhash: how old one may be is the matter of the chain. */
export async function createSvm(): Promise<Svm> {
  const { FailedTransactionMetadata, LiteSVM } = await import('litesvm');
  const { getTransactionDecoder } = await import('@solana/kit');
  const svm = new LiteSVM().withBlockhashCheck(false).withTransactionHistory(0n);
  const decode = (wire: Uint8Array) => getTransactionDecoder().decode(wire);
  const account = (address: string): SvmAccount | null => {
    const found = svm.getAccount(address as Address);
    return found.exists ? plain(found) : null;
  };
  const setAccount = (address: string, { lamports, data, owner, executable }: SvmAccount): void => {
    svm.setAccount({
      address: address as Address,
      data: Uint8Array.from(data),
      executable,
      lamports: lamports as Lamports,
      programAddress: owner as Address,
      space: BigInt(data.length),
    });
  };
  return {
    account,
    setAccount,
    rent: (bytes) => svm.minimumBalanceForRentExemption(BigInt(bytes)),
    fund: (address, lamports) => {
      const before = account(address) ?? { lamports: 0n, data: new Uint8Array(), owner: SYSTEM, executable: false };
      setAccount(address, { ...before, lamports: before.lamports + lamports });
    },
    execute: (wire) => {
      const done = svm.withSigverify(true).sendTransaction(decode(wire));
      return done instanceof FailedTransactionMetadata ? failed(done) : succeeded(done);
    },
    simulate: (wire) => {
      const done = svm.withSigverify(false).simulateTransaction(decode(wire));
      if (done instanceof FailedTransactionMetadata) return { ...failed(done), after: new Map() };
      const after = new Map(done.postAccounts().map((one) => [one.address as string, plain(one)]));
      return { ...succeeded(done.meta()), after };
    },
  };
}

const plain = ({ lamports, data, programAddress, executable }: EncodedAccount): SvmAccount => ({
  ...{ lamports, data: Uint8Array.from(data), owner: programAddress, executable },
});

const succeeded = (meta: TransactionMetadata): SvmResult => resultOf(null, meta);

const resultOf = (err: unknown, meta: TransactionMetadata): SvmResult => ({
  err,
  logs: meta.logs(),
  units: meta.computeUnitsConsumed(),
  inner: meta.innerInstructions().map((called) =>
    called.map((one) => ({
      programIdIndex: one.instruction().programIdIndex(),
      accounts: [...one.instruction().accounts()],
      data: one.instruction().data(),
      stackHeight: one.stackHeight(),
    })),
  ),
});

function failed(failure: FailedTransactionMetadata): SvmResult {
  return resultOf(errorOf(failure.err()), failure.meta());
}

/** An error in the words of JSON-RPC. */
function errorOf(error: unknown): unknown {
  if (typeof error === 'number') return TRANSACTION_ERRORS[error] ?? `Error${error}`;
  const { index, err, accountIndex } = error as { index?: number; err?: () => unknown; accountIndex?: number };
  if (accountIndex !== undefined) return { InsufficientFundsForRent: { account_index: accountIndex } };
  const reason = err?.call(error) as number | { code?: number } | undefined;
  const code = typeof reason === 'object' ? reason.code : undefined;
  return { InstructionError: [index, code === undefined ? `Error${String(reason)}` : { Custom: code }] };
}
