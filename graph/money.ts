/**
 * Amounts of US dollars, exact. An amount is a whole number of pico-dollars (10⁻¹²), because a token costs parts of a
 * millionth of a dollar, and because sums of JavaScript numbers lose cents. On the wire, an amount is a decimal text.
 */

/** Decimal places of an amount. */
export const MONEY_DIGITS = 12;

const ONE = 10n ** BigInt(MONEY_DIGITS);

/** Whole digits are limited to what the database's column holds. */
const FORM = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,12}))?$/;

/**
 * Reads an amount.
 *
 * @returns pico-dollars; null if the text is no decimal number, or has more than twelve decimal places
 * @example parseMoney('0.00125') // 1_250_000_000n
 */
export function parseMoney(text: string): bigint | null {
  const found = FORM.exec(text);
  if (found === null) return null;
  const [, sign, whole = '0', fraction = ''] = found;
  const amount = BigInt(whole) * ONE + BigInt(fraction.padEnd(MONEY_DIGITS, '0'));
  return sign === '-' ? -amount : amount;
}

/**
 * Writes an amount, without zeros at its end.
 *
 * @example formatMoney(1_250_000_000n) // '0.00125'
 */
export function formatMoney(amount: bigint): string {
  const [sign, size] = amount < 0n ? ['-', -amount] : ['', amount];
  const fraction = (size % ONE).toString().padStart(MONEY_DIGITS, '0').replace(/0+$/, '');
  return `${sign}${size / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Divides and rounds up, because a cost that is rounded down would be forgotten. @param by above 0 */
export const divideUp = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;
