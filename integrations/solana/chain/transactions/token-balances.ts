import type { Json } from '../../../../graph/json.ts';
import { isAddress } from '../../notation/base58.ts';
import { big, field, list, misshapen, optional, text } from '../values.ts';
import { type Keys, keyAt } from './keys.ts';

/** What a token account held before or after a transaction. */
export interface TokenBalance {
  readonly account: string;
  readonly mint: string;
  /** Null in old transactions. */
  readonly owner: string | null;
  readonly amount: bigint;
  readonly decimals: number;
}

/** A mint writes its decimals in a byte. */
const MOST_DECIMALS = 255;

/** Balances of token accounts, by account and mint: an account may be closed and made anew for another mint. */
export function readTokens(value: Json, keys: Keys): ReadonlyMap<string, TokenBalance> {
  const balances = list(value ?? []).map((one) => readToken(one, keys));
  return new Map(balances.map((one) => [`${one.account} ${one.mint}`, one]));
}

function readToken(value: Json, keys: Keys): TokenBalance {
  const held = field(value, 'uiTokenAmount');
  const [mint, owner] = [text(field(value, 'mint')), optional(value, 'owner')];
  const decimals = Number(big(field(held, 'decimals')));
  if (!isAddress(mint) || decimals > MOST_DECIMALS) throw misshapen('a balance of tokens');
  return {
    account: keyAt(keys, field(value, 'accountIndex')),
    mint,
    owner: typeof owner === 'string' && isAddress(owner) ? owner : null,
    amount: big(field(held, 'amount')),
    decimals,
  };
}
