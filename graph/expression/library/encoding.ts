import { fail } from '../error.ts';
import { charge, chargeText } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { toText } from '../values.ts';
import { text } from './arguments.ts';
import { demanding } from './demanding.ts';
import type { Functions, LibraryFunction } from './types.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...ALPHABET, '-', '_'].map((char, index) => [char, index < 64 ? index : index - 2]));

/** Bytes as Base64. */
export function toBase64(bytes: Uint8Array): string {
  const out: string[] = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = [bytes[index], bytes[index + 1], bytes[index + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out.push(
      ALPHABET.charAt(bits >> 18) +
        ALPHABET.charAt((bits >> 12) & 63) +
        (b === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63)) +
        (c === undefined ? '=' : ALPHABET.charAt(bits & 63)),
    );
  }
  return out.join('');
}

/** The bytes of Base64 in either alphabet, padded or not; null if the text is not Base64. */
export function fromBase64(source: string): Uint8Array | null {
  const bare = source.endsWith('==') ? source.slice(0, -2) : source.endsWith('=') ? source.slice(0, -1) : source;
  if (bare.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let length = 0;
  for (const char of bare) {
    const value = VALUES.get(char);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[length++] = (bits >> count) & 0xff;
    }
  }
  return bytes;
}

const percent = (
  name: string,
  run: (text: string) => string,
  growth: number,
  summary: string,
  example: readonly [string, unknown],
): LibraryFunction => ({
  signature: `${name}(text)`,
  summary,
  example,
  takes: [1, 1],
  run: (fuel: Fuel, [value]) => {
    const source = toText(value);
    chargeText(fuel, source.length * growth);
    charge(fuel, source.length >> 2);
    try {
      return run(source);
    } catch {
      return fail('argument', `${name} was given a text that is not well-formed.`);
    }
  },
});

/** Encodings. */
export const encoding: Functions = {
  encodeURIComponent: percent('encodeURIComponent', encodeURIComponent, 9, 'The text encoded as a part of a URL.', [
    "encodeURIComponent('a b&c')",
    'a%20b%26c',
  ]),
  decodeURIComponent: percent('decodeURIComponent', decodeURIComponent, 1, 'The text of an encoded part of a URL.', [
    "decodeURIComponent('a%20b')",
    'a b',
  ]),
  encodeURI: percent('encodeURI', encodeURI, 9, 'A whole URL, encoded.', ["encodeURI('/a b?c=d')", '/a%20b?c=d']),
  decodeURI: percent('decodeURI', decodeURI, 1, 'A whole URL, decoded.', ["decodeURI('/a%20b')", '/a b']),
  ...demanding({
    'base64.encode': {
      signature: 'base64.encode(text)',
      summary: 'The Base64 of the UTF-8 bytes of a text.',
      example: ["base64.encode('héllo')", 'aMOpbGxv'],
      takes: [1, 1],
      run: (fuel, [value]) => {
        const source = toText(value);
        chargeText(fuel, source.length * 4);
        charge(fuel, source.length >> 1);
        return toBase64(toUtf8(source));
      },
    },
  }),
  'base64.decode': {
    signature: 'base64.decode(text)',
    summary: 'The text whose UTF-8 bytes are encoded as Base64 (or Base64url).',
    example: ["base64.decode('aMOpbGxv')", 'héllo'],
    takes: [1, 1],
    run: (fuel, [value]) => {
      const source = text(value, 'base64.decode');
      chargeText(fuel, source.length);
      charge(fuel, source.length >> 1);
      const bytes = fromBase64(source) ?? fail('argument', 'The text is not Base64.');
      return fromUtf8(bytes) ?? fail('argument', 'The Base64 does not hold UTF-8 text.');
    },
  },
};
