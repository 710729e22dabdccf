import type { Json } from '../../../../graph/json.ts';
import { SOL_DECIMALS } from '../../notation/amounts.ts';
import { moneyOf } from '../../notation/fields.ts';
import { big, field, list, misshapen, optional } from '../values.ts';
import type { BalanceChange } from './decoded.ts';
import type { Keys } from './keys.ts';
import { readTokens, type TokenBalance } from './token-balances.ts';

/**
 * What each account holds more or less, from the balances before and after. Instructions do not say that: programs call
 * others, mints take fees, and accounts are closed.
 */
export function readChanges(meta: Json, keys: Keys): BalanceChange[] {
  return [...readSol(meta, keys), ...readTokenChanges(meta, keys)];
}

function readSol(meta: Json, { all }: Keys): BalanceChange[] {
  const [before, after] = [list(field(meta, 'preBalances')), list(field(meta, 'postBalances'))];
  if (before.length !== all.length || after.length !== all.length)
    throw misshapen('there are not as many balances as accounts');
  return all.flatMap((account, index) => {
    const change = big(after[index]!) - big(before[index]!);
    return changed({ account, owner: account, asset: 'SOL' }, change, SOL_DECIMALS);
  });
}

function readTokenChanges(meta: Json, keys: Keys): BalanceChange[] {
  const before = readTokens(optional(meta, 'preTokenBalances'), keys);
  const after = readTokens(optional(meta, 'postTokenBalances'), keys);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const { account, mint, decimals } = (is ?? was)!;
    const change = (is?.amount ?? 0n) - (was?.amount ?? 0n);
    return changed({ account, owner: ownerOf(is, was), asset: mint }, change, decimals);
  });
}

/** Whose tokens they are: an account that is given away belongs to the one who has it in the end. */
const ownerOf = (is: TokenBalance | undefined, was: TokenBalance | undefined): string | null =>
  is?.owner ?? was?.owner ?? null;

function changed(
  whose: Pick<BalanceChange, 'account' | 'owner' | 'asset'>,
  change: bigint,
  decimals: number,
): BalanceChange[] {
  if (change === 0n) return [];
  return [{ ...whose, direction: change > 0n ? 'in' : 'out', ...moneyOf(change, decimals) }];
}
