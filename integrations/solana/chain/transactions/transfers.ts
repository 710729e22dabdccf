import type { Json } from '../../../../graph/json.ts';
import { fromUnits, SOL_DECIMALS } from '../../notation/amounts.ts';
import { SYSTEM, TOKEN_PROGRAMS } from '../programs.ts';
import { optional } from '../values.ts';
import type { DecodedInstruction, Transfer } from './decoded.ts';
import type { Keys } from './keys.ts';
import { readTokens, type TokenBalance } from './token-balances.ts';

/** Instructions of the system that move lamports, by number: how much, and to which of their accounts. */
const SYSTEM_MOVES: Readonly<
  Record<number, { readonly amount: (data: Buffer) => bigint | null; readonly to: number }>
> = {
  /** `createAccount` */
  0: { amount: (data) => u64(data, 4), to: 1 },
  /** `transfer` */
  2: { amount: (data) => u64(data, 4), to: 1 },
  /** `createAccountWithSeed`: the amount comes after the base and a seed of any length. */
  3: { amount: (data) => u64(data, 44 + Number(u64(data, 36) ?? data.length)), to: 1 },
  /** `transferWithSeed`: the second account is the base. */
  11: { amount: (data) => u64(data, 4), to: 2 },
};

/** Numbers of instructions of both token programs. */
const TRANSFER = 3;
const TRANSFER_CHECKED = 12;
/** Extension of Token-2022, and its instruction that moves tokens. */
const FEE_EXTENSION = 26;
const TRANSFER_WITH_FEE = 1;

/** What has moved by the words of the instructions themselves. Those that Blok cannot read are left out. */
export function readTransfers(instructions: readonly DecodedInstruction[], meta: Json, keys: Keys): Transfer[] {
  const held = new Map<string, TokenBalance>();
  for (const name of ['preTokenBalances', 'postTokenBalances'])
    for (const one of readTokens(optional(meta, name), keys).values()) held.set(one.account, one);
  return instructions.flatMap((one) => {
    const data = Buffer.from(one.data, 'base64');
    if (one.program === SYSTEM) return solMoved(one, data);
    return TOKEN_PROGRAMS.includes(one.program) ? tokensMoved(one, data, held) : [];
  });
}

function solMoved({ accounts, inner }: DecodedInstruction, data: Buffer): Transfer[] {
  const move = data.length >= 4 ? SYSTEM_MOVES[data.readUInt32LE(0)] : undefined;
  const [from, to, raw] = [accounts[0], move && accounts[move.to], move?.amount(data) ?? 0n];
  if (from === undefined || to === undefined || raw === 0n) return [];
  return [{ asset: 'SOL', from, to, fromOwner: from, toOwner: to, ...amounts(raw, SOL_DECIMALS), inner }];
}

function tokensMoved(
  { accounts, inner }: DecodedInstruction,
  data: Buffer,
  held: ReadonlyMap<string, TokenBalance>,
): Transfer[] {
  const move = tokenMove(accounts, data);
  if (move?.from === undefined || move.to === undefined || move.raw === null) return [];
  const [source, target] = [held.get(move.from), held.get(move.to)];
  const asset = move.mint ?? source?.mint ?? target?.mint ?? null;
  const decimals = move.decimals ?? source?.decimals ?? target?.decimals ?? null;
  return [
    {
      ...{ asset, from: move.from, to: move.to, fromOwner: source?.owner ?? null, toOwner: target?.owner ?? null },
      ...{ ...amounts(move.raw, decimals), inner },
    },
  ];
}

interface TokenMove {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly mint?: string | undefined;
  readonly raw: bigint | null;
  readonly decimals?: number | undefined;
}

function tokenMove([first, second, third]: readonly string[], data: Buffer): TokenMove | null {
  switch (data[0]) {
    case TRANSFER:
      return { from: first, to: second, raw: u64(data, 1) };
    case TRANSFER_CHECKED:
      return { from: first, mint: second, to: third, raw: u64(data, 1), decimals: data[9] };
    case FEE_EXTENSION:
      if (data[1] !== TRANSFER_WITH_FEE) return null;
      return { from: first, mint: second, to: third, raw: u64(data, 2), decimals: data[10] };
    default:
      return null;
  }
}

const amounts = (raw: bigint, decimals: number | null): Pick<Transfer, 'raw' | 'decimals' | 'text'> => ({
  raw: String(raw),
  decimals,
  text: decimals === null ? null : fromUnits(raw, decimals),
});

const u64 = (data: Buffer, at: number): bigint | null => (at + 8 <= data.length ? data.readBigUInt64LE(at) : null);
