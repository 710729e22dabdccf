import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fail } from '../error.ts';
import { charge } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { toText } from '../values.ts';
import { text } from './arguments.ts';
import { demanding } from './demanding.ts';
import { toBase64 } from './encoding.ts';
import type { Functions, LibraryFunction } from './types.ts';
import { toUtf8 } from './utf8.ts';

const ALGORITHMS = { md5, sha1, sha256, sha512 } as const;
type Algorithm = keyof typeof ALGORITHMS;

/** The algorithm of that name. */
export function algorithm(value: unknown): Algorithm {
  const name = text(value, 'An algorithm');
  return Object.hasOwn(ALGORITHMS, name)
    ? (name as Algorithm)
    : fail('argument', `An algorithm is one of ${Object.keys(ALGORITHMS).join(', ')}, not "${name.slice(0, 40)}".`);
}

/** The function that writes bytes in the given form. */
export function bytesAs(value: unknown): (bytes: Uint8Array) => string {
  if (value === undefined || value === 'hex') return bytesToHex;
  return value === 'base64' ? toBase64 : fail('argument', "Bytes are written as 'hex' or 'base64'.");
}

/** The UTF-8 bytes of a text, after paying for hashing them. */
function bytesOf(fuel: Fuel, value: unknown): Uint8Array {
  const source = toText(value);
  charge(fuel, 200 + (source.length >> 1));
  return toUtf8(source);
}

const hashing = (name: Algorithm, label: string, example: readonly [string, unknown]): LibraryFunction => ({
  signature: `hash.${name}(text)`,
  summary: `The ${label} of the text (as UTF-8), in hexadecimal.`,
  example,
  takes: [1, 1],
  run: (fuel, [value]) => bytesToHex(ALGORITHMS[name](bytesOf(fuel, value))),
});

/** Hashes. */
export const hash: Functions = demanding({
  'hash.sha256': hashing('sha256', 'SHA-256', [
    "hash.sha256('abc')",
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ]),
  'hash.sha512': hashing('sha512', 'SHA-512', ["hash.sha512('').slice(0, 16)", 'cf83e1357eefb8bd']),
  'hash.sha1': hashing('sha1', 'SHA-1 (not secure)', ["hash.sha1('abc')", 'a9993e364706816aba3e25717850c26c9cd0d89d']),
  'hash.md5': hashing('md5', 'MD5 (not secure)', ["hash.md5('abc')", '900150983cd24fb0d6963f7d28e17f72']),
  'hash.hmac': {
    signature: "hash.hmac(text, key, algorithm = 'sha256', as = 'hex')",
    summary: `The HMAC of the text with a key. Algorithms: ${Object.keys(ALGORITHMS).join(', ')}; written as hex or base64. The record of the run shows the key: use a connection for secrets.`,
    example: ["hash.hmac('abc', 'key', 'sha1', 'base64')", 'T9CyFSdu8S8rPkyOysKBFJi2Vvw='],
    takes: [2, 4],
    kinds: [undefined, undefined, 'algorithm', 'bytesAs'],
    run: (fuel, [value, key, name, form]) => {
      const chosen = name === undefined ? 'sha256' : algorithm(name);
      const write = bytesAs(form);
      charge(fuel, 400);
      return write(hmac(ALGORITHMS[chosen], bytesOf(fuel, key), bytesOf(fuel, value)));
    },
  },
});
