import { toBase58 } from '../notation/base58.ts';
import { readHeld } from './mint.ts';
import type { Account } from './port.ts';

/** A token account, with everybody who can move what is in it. */
export interface TokenAccount {
  readonly mint: string;
  readonly owner: string;
  readonly amount: bigint;
  /** It holds SOL, wrapped as tokens: its lamports say how much. */
  readonly isNative: boolean;
  /** Who may move some of it, and how much. */
  readonly delegate: string | null;
  readonly delegated: bigint;
  /** Who may close it, if not its owner. */
  readonly closer: string | null;
}

/** Reads a token account of either program, or null if the account is none. */
export function readTokenAccount(account: Account): TokenAccount | null {
  const held = readHeld(account);
  if (!held) return null;
  const data = Buffer.from(account.data);
  /** Options of four bytes in front of an address. */
  const optional = (at: number): string | null =>
    data.readUInt32LE(at) === 0 ? null : toBase58(data.subarray(at + 4, at + 36));
  return {
    ...held,
    owner: toBase58(data.subarray(32, 64)),
    delegate: optional(72),
    isNative: data.readUInt32LE(109) !== 0,
    delegated: data.readBigUInt64LE(121),
    closer: optional(129),
  };
}
