import { SOL_DECIMALS } from '../../notation/amounts.ts';
import { moneyOf } from '../../notation/fields.ts';
import type { Amount, DecodedTransaction } from './decoded.ts';

/** What somebody has more or less of an asset. */
export interface AssetChange extends Amount {
  /** `SOL`, or the address of a mint. */
  readonly asset: string;
  readonly direction: 'in' | 'out';
}

/** What a transaction means for somebody. */
export interface Seen {
  /** `both`: something came and something else went, as in a swap. */
  readonly direction: 'in' | 'out' | 'both' | 'none';
  /** By asset. Accounts of the same owner are added up, and the fee is left out. */
  readonly changes: AssetChange[];
}

/** What a transaction means for an address: that of a wallet with its token accounts, or that of one account. */
export function seenBy(
  { changes, fee, feePayer }: Pick<DecodedTransaction, 'changes' | 'fee' | 'feePayer'>,
  address: string,
): Seen {
  const sums = new Map<string, { readonly raw: bigint; readonly decimals: number }>();
  const add = (asset: string, raw: bigint, decimals: number): void => {
    sums.set(asset, { raw: (sums.get(asset)?.raw ?? 0n) + raw, decimals });
  };
  for (const { account, owner, asset, raw, decimals } of changes)
    if (account === address || owner === address) add(asset, BigInt(raw), decimals);
  // Who pays for a transaction has not sent anybody the fee.
  if (feePayer === address && fee) add('SOL', BigInt(fee.raw), SOL_DECIMALS);
  const seen = [...sums].flatMap(([asset, { raw, decimals }]): AssetChange[] =>
    raw === 0n ? [] : [{ asset, direction: raw > 0n ? 'in' : 'out', ...moneyOf(raw, decimals) }],
  );
  return { direction: directionOf(seen), changes: seen };
}

function directionOf(changes: readonly AssetChange[]): Seen['direction'] {
  const directions = new Set(changes.map(({ direction }) => direction));
  if (directions.size === 2) return 'both';
  return [...directions][0] ?? 'none';
}
