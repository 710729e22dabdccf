/** Base58 in Bitcoin's alphabet: how addresses, hashes and signatures are written. */

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Longer texts are refused, because the time to read one grows with the square of its length. */
const LONGEST = 128;

/** So many digits fit in a number. To take them together makes long texts a hundred times cheaper. */
const DIGITS = 9;
const WEIGHT = 58n ** BigInt(DIGITS);

/**
 * The bytes of a text, or null if it is none.
 *
 * @param longest how many characters it may have: keys and signatures are short, data of instructions are not
 */
export function fromBase58(text: string, longest = LONGEST): Uint8Array | null {
  if (text.length === 0 || text.length > longest) return null;
  let value = 0n;
  for (let at = text.length % DIGITS === 0 ? 0 : (text.length % DIGITS) - DIGITS; at < text.length; at += DIGITS) {
    const part = numberOf(text.slice(Math.max(0, at), at + DIGITS));
    if (part === null) return null;
    value = value * WEIGHT + BigInt(part);
  }
  const hex = value === 0n ? '' : value.toString(16);
  const zeros = text.length - text.replace(/^1+/, '').length;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
}

/** The value of a few digits, or null if one is none. */
function numberOf(digits: string): number | null {
  let value = 0;
  for (const letter of digits) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = value * 58 + digit;
  }
  return value;
}

/** Writes bytes as a text. */
export function toBase58(bytes: Uint8Array): string {
  let value = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = ALPHABET[Number(value % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros < 0 ? bytes.length : zeros) + text;
}

/** Whether a text is an address: 32 bytes. */
export const isAddress = (text: string): boolean => fromBase58(text)?.length === 32;

/** Whether a text is the signature of a transaction: 64 bytes. */
export const isSignature = (text: string): boolean => fromBase58(text)?.length === 64;
