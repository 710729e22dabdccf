import { z } from 'zod';
import { AMOUNT_PATTERN, fromUnits, SOL_DECIMALS, toUnits } from './amounts.ts';
import { isAddress, isSignature } from './base58.ts';

/** An address: of a wallet, a mint, a program. */
export const address = () => z.string().max(44).refine(isAddress, 'must be an address: 32 bytes in base58');

/** A signature of a transaction. */
export const signature = () => z.string().max(90).refine(isSignature, 'must be a signature: 64 bytes in base58');

/** An amount as a decimal text. Numbers are refused, because they are not exact. */
export const amount = () =>
  z.string().regex(AMOUNT_PATTERN, 'must be an amount as text, such as "0.25", without sign or exponent');

/** An amount of SOL. */
export const sol = () =>
  amount().refine((text) => toUnits(text, SOL_DECIMALS) !== null, 'must be an amount of SOL with at most 9 decimals');

/** An amount of SOL that is not zero. */
export const positiveSol = () => sol().refine((text) => toUnits(text, SOL_DECIMALS) !== 0n, 'must be more than zero');

/** An amount as nodes return it. */
export const money = (what: string) =>
  z
    .object({
      raw: z.string().describe('In base units.'),
      decimals: z.int().describe('Decimals of the asset.'),
      text: z.string().describe('As a decimal text.'),
    })
    .describe(`${what}.`);

/** Such an amount. */
export const moneyOf = (units: bigint, decimals: number) => ({
  raw: String(units),
  decimals,
  text: fromUnits(units, decimals),
});

/** What an address is, as far as it matters to whoever pays it. */
export const RECIPIENT_KINDS = ['wallet', 'new', 'offCurve', 'tokenAccount', 'programAccount', 'program'] as const;

/** One of them. */
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];
