import type { Json } from '../../../../graph/json.ts';
import { isAddress } from '../../notation/base58.ts';
import { big, field, list, misshapen, optional, text } from '../values.ts';

/** The accounts of a transaction, in the order in which its instructions count them. */
export interface Keys {
  readonly all: readonly string[];
  /** How many of them signed: the first ones, the fee payer first of all. */
  readonly signers: number;
}

/** A message counts its accounts in a byte. */
const MOST_KEYS = 256;

/** Those that stand in the message, then those that it looks up: writable ones first. */
export function readKeys(message: Json, meta: Json): Keys {
  const looked = optional(meta, 'loadedAddresses');
  const all = [
    ...list(field(message, 'accountKeys')),
    ...list(optional(looked, 'writable') ?? []),
    ...list(optional(looked, 'readonly') ?? []),
  ].map(text);
  const signers = Number(big(field(field(message, 'header'), 'numRequiredSignatures')));
  if (all.length > MOST_KEYS || signers < 1 || signers > all.length) throw misshapen('the accounts of the transaction');
  if (!all.every(isAddress)) throw misshapen('an account is no address');
  return { all, signers };
}

/** The account that has a number in a transaction. */
export function keyAt({ all }: Keys, index: Json): string {
  const key = typeof index === 'number' ? all[index] : undefined;
  if (key === undefined) throw misshapen('an account has no address');
  return key;
}
