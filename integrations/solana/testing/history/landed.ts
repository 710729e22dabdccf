/** Transactions that tests put onto a scripted chain, as `getTransaction` answers them. */
import { MEMO_PROGRAMS, SYSTEM } from '../../chain/programs.ts';
import { toBase58 } from '../../notation/base58.ts';

/** What a transaction does to a token account. */
export interface TokenMove {
  readonly account: string;
  readonly owner: string;
  readonly mint: string;
  readonly program: string;
  readonly change: number;
}

/** A call that a program makes. Its accounts must be mentioned. */
export interface InnerCall {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
  /** Null: the provider does not say. */
  readonly depth: number | null;
}

/** What a transaction does. */
export interface Doing {
  readonly payer: string;
  readonly version?: 'legacy' | 0 | 1 | 2;
  readonly failed?: boolean;
  /** Lamports that accounts get or give, without the fee. */
  readonly sol?: Readonly<Record<string, number>>;
  readonly tokens?: readonly TokenMove[];
  readonly memo?: string;
  /** Programs that are called, the second and all further ones by the first. */
  readonly programs?: readonly string[];
  /** Calls within the first instruction, in their order, instead of those of `programs`. */
  readonly inner?: readonly InnerCall[];
  /** Accounts that are only mentioned. */
  readonly mentions?: readonly string[];
  readonly logs?: readonly string[];
  /** The provider answers with something that nobody can read. */
  readonly garbled?: boolean;
}

/** A transaction on the chain. */
export interface Landed {
  readonly signature: string;
  readonly slot: number;
  readonly failed: boolean;
  readonly memo: string | null;
  readonly version: 'legacy' | 0 | 1 | 2;
  /** All accounts, also those that are looked up: in the history of each of them it is listed. */
  readonly accounts: readonly string[];
  readonly answer: object;
}

/** A fee for one signature. */
export const FEE = 5_000;

const RICH = 1_000_000_000_000;

/** Puts a transaction together. */
export function landed(
  doing: Doing,
  { signature, slot }: { readonly signature: string; readonly slot: number },
): Landed {
  const { payer, version = 0, failed = false, sol = {}, tokens = [], memo, programs = [SYSTEM] } = doing;
  const memoProgram = memo === undefined ? [] : [MEMO_PROGRAMS[0]!];
  const own = [...new Set([payer, ...Object.keys(sol), ...tokens.map(({ account }) => account)])];
  const all = [...new Set([...own, ...(doing.mentions ?? []), ...programs, ...memoProgram])];
  // From version 0 on, accounts that do not sign may be looked up.
  const looked = version === 0 ? own.slice(1) : [];
  const keys = all.filter((account) => !looked.includes(account));
  const ordered = [...keys, ...looked];
  const at = (account: string): number => ordered.indexOf(account);
  const gets = (account: string): number => (failed ? 0 : (sol[account] ?? 0)) - (account === payer ? FEE : 0);
  const [first, ...inner] = programs;
  const call = (program: string) => ({
    programIdIndex: at(program),
    accounts: own.map(at),
    data: '',
    stackHeight: null,
  });
  const inside = doing.inner
    ? doing.inner.map(({ program, accounts, data, depth }) => ({
        ...{ programIdIndex: at(program), accounts: accounts.map(at), data: toBase58(data), stackHeight: depth },
      }))
    : inner.map(call);
  const answer = {
    ...{ slot, blockTime: 1_790_000_000 + Math.floor(slot * 0.4), version },
    transaction: {
      signatures: [signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 },
        accountKeys: keys,
        recentBlockhash: toBase58(Buffer.alloc(32, 1)),
        instructions: [
          call(first!),
          ...memoProgram.map((program) => ({ ...call(program), data: toBase58(Buffer.from(memo!)) })),
        ],
        ...(version === 0 && { addressTableLookups: [] }),
        ...(version === 1 && { transactionConfig: { computeUnitLimit: 1_000, priorityFee: 0 } }),
      },
    },
    meta: {
      ...{ err: failed ? { InstructionError: [0, { Custom: 1 }] } : null, fee: FEE },
      preBalances: ordered.map(() => RICH),
      postBalances: ordered.map((account) => RICH + gets(account)),
      ...tokenBalances(failed ? tokens.map((move) => ({ ...move, change: 0 })) : tokens, at),
      innerInstructions: inside.length === 0 ? [] : [{ index: 0, instructions: inside }],
      logMessages: doing.logs ?? [`Program ${first} invoke [1]`, `Program ${first} success`],
      loadedAddresses: { writable: looked, readonly: [] },
    },
  };
  return {
    ...{ signature, slot, failed, memo: memo ?? null, version, accounts: all },
    answer: doing.garbled ? { slot, transaction: 'not what was asked for', version } : answer,
  };
}

function tokenBalances(tokens: readonly TokenMove[], at: (account: string) => number) {
  const shown = (held: (move: TokenMove) => number) =>
    tokens.map((move) => ({
      ...{ accountIndex: at(move.account), mint: move.mint, owner: move.owner, programId: move.program },
      uiTokenAmount: { amount: String(held(move)), decimals: 6, uiAmount: null, uiAmountString: '' },
    }));
  return { preTokenBalances: shown(() => RICH), postTokenBalances: shown(({ change }) => RICH + change) };
}
