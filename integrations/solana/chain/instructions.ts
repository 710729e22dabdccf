/** Instructions, as Blok builds them. Those of the programs for tokens are three, and written here byte by byte. */
import { ASSOCIATED_TOKEN, SYSTEM } from './programs.ts';

/** One instruction, in plain words. */
export interface Instruction {
  readonly program: string;
  readonly accounts: readonly { readonly address: string; readonly signer: boolean; readonly writable: boolean }[];
  readonly data: Uint8Array;
}

const account = (address: string, { signer = false, writable = false } = {}) => ({ address, signer, writable });

/** Makes the token account of an owner, if there is none. */
export const createTokenAccount = (at: {
  readonly payer: string;
  readonly account: string;
  readonly owner: string;
  readonly mint: string;
  readonly program: string;
}): Instruction => ({
  program: ASSOCIATED_TOKEN,
  accounts: [
    account(at.payer, { signer: true, writable: true }),
    account(at.account, { writable: true }),
    account(at.owner),
    account(at.mint),
    account(SYSTEM),
    account(at.program),
  ],
  data: Uint8Array.of(1),
});

/** Moves tokens, and has the program compare the mint and its decimals. */
export const transferChecked = (move: {
  readonly program: string;
  readonly from: string;
  readonly mint: string;
  readonly to: string;
  readonly owner: string;
  readonly amount: bigint;
  readonly decimals: number;
}): Instruction => {
  const data = Buffer.alloc(10);
  data[0] = 12;
  data.writeBigUInt64LE(move.amount, 1);
  data[9] = move.decimals;
  return {
    program: move.program,
    accounts: [
      account(move.from, { writable: true }),
      account(move.mint),
      account(move.to, { writable: true }),
      account(move.owner, { signer: true }),
    ],
    data,
  };
};
