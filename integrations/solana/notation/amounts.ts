/** Amounts: decimal texts outside, `bigint` in base units inside, never a JavaScript number. */

/** Decimals of SOL: a SOL is 1,000,000,000 lamports. */
export const SOL_DECIMALS = 9;

/** How an amount is written: `12`, `0.25`. No sign, no exponent, no separator of thousands. A mint has at most 255 decimals. */
export const AMOUNT_PATTERN = /^(0|[1-9][0-9]{0,19})(\.[0-9]{1,255})?$/;

/** The largest amount that a chain can hold. */
const LARGEST = 2n ** 64n - 1n;

/** The base units of a decimal text, or null if it is none, has more decimals than the asset, or is too large. */
export function toUnits(text: string, decimals: number): bigint | null {
  const units = limitUnits(text, decimals);
  return units !== null && units > LARGEST ? null : units;
}

/** The same of a limit, which may lie above all that there can be. */
export function limitUnits(text: string, decimals: number): bigint | null {
  if (!AMOUNT_PATTERN.test(text)) return null;
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > decimals) return null;
  return BigInt(whole) * 10n ** BigInt(decimals) + BigInt(digits.padEnd(decimals, '0') || '0');
}

/** Base units as a decimal text without needless zeros: `fromUnits(250000000n, 9)` is `0.25`. */
export function fromUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
