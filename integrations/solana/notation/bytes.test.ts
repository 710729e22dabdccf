import { expect, it } from 'vitest';
import { bytesIn, type Encoding } from './bytes.ts';

const hex = (text: string, encoding: Encoding): string | null => {
  const bytes = bytesIn(text, encoding);
  return bytes && Buffer.from(bytes).toString('hex');
};

it.each<[string, Encoding, string]>([
  ['', 'hex', ''],
  ['00ff', 'hex', '00ff'],
  ['0x00FF', 'hex', '00ff'],
  ['', 'base64', ''],
  ['AP8=', 'base64', '00ff'],
  ['AP8', 'base64', '00ff'],
  ['AP8A', 'base64', '00ff00'],
  ['2g', 'base58', '61'],
])('reads %j as %s', (text, encoding, bytes) => {
  expect(hex(text, encoding)).toBe(bytes);
});

it.each<[string, Encoding]>([
  ['0', 'hex'],
  ['00f', 'hex'],
  ['00zz', 'hex'],
  ['00 ff', 'hex'],
  ['x00', 'hex'],
  ['AP8=A', 'base64'],
  ['AP8A=', 'base64'],
  ['AP8AB', 'base64'],
  ['A===', 'base64'],
  ['AP 8', 'base64'],
  ['AP_8', 'base64'],
  ['AP8=\n', 'base64'],
  ['0OIl', 'base58'],
])('reads no part of %j, which is no %s', (text, encoding) => {
  expect(hex(text, encoding)).toBeNull();
});
