import { fromBase58 } from './base58.ts';

/** How bytes are written as text. */
export type Encoding = 'base58' | 'base64' | 'hex';

const HEX = /^([0-9a-fA-F]{2})*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes that a text writes, or null if it writes none. `Buffer` passes over whatever it cannot read, so that half a text, or
 * one with something behind it, would be other bytes than its author meant.
 */
export function bytesIn(text: string, encoding: Encoding): Uint8Array | null {
  switch (encoding) {
    case 'base58':
      return fromBase58(text);
    case 'hex': {
      const digits = text.replace(/^0x/, '');
      return HEX.test(digits) ? Buffer.from(digits, 'hex') : null;
    }
    case 'base64':
      return isBase64(text) ? Buffer.from(text, 'base64') : null;
  }
}

/** With or without what fills it up, but never with a single letter left over, which writes no byte. */
function isBase64(text: string): boolean {
  const letters = text.replace(/=+$/, '').length;
  return BASE64.test(text) && letters % 4 !== 1 && (letters === text.length || text.length % 4 === 0);
}
