import { expect, it } from 'vitest';
import { fromBase58, toBase58 } from '../notation/base58.ts';
import { isSignedBy, newSecretKey, readKeypair } from './keypair.ts';

it('reads a key in both forms in which wallets write it, and signs as its address', () => {
  const { secretKey, address } = newSecretKey();
  const list = JSON.stringify([...fromBase58(secretKey)!]);
  const message = Buffer.from('pay');
  for (const text of [secretKey, list, ` ${list}\n`]) {
    const keypair = readKeypair(text)!;
    expect(keypair.address).toBe(address);
    expect(isSignedBy(address, message, keypair.sign(message))).toBe(true);
    expect(isSignedBy(address, Buffer.from('pays'), keypair.sign(message))).toBe(false);
  }
});

it('signs the same message with the same signature each time, so that signing again makes no second transaction', () => {
  const keypair = readKeypair(newSecretKey().secretKey)!;
  expect(keypair.sign(Buffer.from('m'))).toEqual(keypair.sign(Buffer.from('m')));
});

it('derives names that follow from the key, and from nothing that others know', () => {
  const [one, other] = [newSecretKey().secretKey, newSecretKey().secretKey].map((text) => readKeypair(text)!);
  expect(one!.derive('a')).toMatch(/^[0-9a-f]{32}$/);
  expect(one!.derive('a')).toBe(one!.derive('a'));
  expect(one!.derive('b')).not.toBe(one!.derive('a'));
  expect(other!.derive('a')).not.toBe(one!.derive('a'));
});

it('refuses what is no key, and a key whose halves do not fit each other', () => {
  const bytes = fromBase58(newSecretKey().secretKey)!;
  const mixed = Buffer.concat([bytes.subarray(0, 32), fromBase58(newSecretKey().address)!]);
  const texts = ['', 'no key', toBase58(bytes.subarray(0, 32)), toBase58(mixed), '[1,2,3]', `[${'300,'.repeat(63)}1]`];
  for (const text of texts) expect(readKeypair(text)).toBeNull();
});
