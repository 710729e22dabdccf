import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase58, isAddress, isSignature, toBase58 } from './base58.ts';

it('reads what it writes, leading zeros included', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = toBase58(bytes);
      if (bytes.length > 0) expect([...fromBase58(text)!]).toEqual([...bytes]);
    }),
  );
  expect(toBase58(new Uint8Array(32))).toBe('11111111111111111111111111111111');
});

it.each(['', '0', 'O', 'l', 'I', 'So1 ', 'é', '1'.repeat(129)])('does not read %j', (text) => {
  expect(fromBase58(text)).toBeNull();
});

it('tells addresses and signatures by their size', () => {
  expect(isAddress('So11111111111111111111111111111111111111112')).toBe(true);
  expect(isAddress('So1111111111111111111111111111111111111111')).toBe(false);
  expect(isSignature(toBase58(new Uint8Array(64).fill(7)))).toBe(true);
  expect(isSignature(toBase58(new Uint8Array(63).fill(7)))).toBe(false);
});
