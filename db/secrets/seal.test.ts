import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

describe('seal', () => {
  // Test cases 13, 14 and 15 of "The Galois/Counter Mode of Operation" (McGrew, Viega): AES-256, 96-bit nonces.
  it('matches the published vectors without additional data', () => {
    const zero = Buffer.alloc(32);
    expect(Buffer.from(seal(zero, Buffer.alloc(0), '', Buffer.alloc(12)).ciphertext)).toEqual(
      hex('530f8afbc74536b9a963b4f1c4cb738b'),
    );
    expect(Buffer.from(seal(zero, Buffer.alloc(16), '', Buffer.alloc(12)).ciphertext)).toEqual(
      hex('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'),
    );
    const sealed = seal(
      hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
      hex(
        'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255',
      ),
      '',
      hex('cafebabefacedbaddecaf888'),
    );
    expect(Buffer.from(sealed.ciphertext).subarray(-16)).toEqual(hex('b094dac5d93471bdec1a502270e3cc6c'));
  });

  it('opens with the same key and context only', () => {
    const key = Buffer.alloc(32, 7);
    const sealed = seal(key, Buffer.from('hunter2'), 'a|mail|1');
    expect(unseal(key, sealed, 'a|mail|1').toString()).toBe('hunter2');
    expect(() => unseal(key, sealed, 'b|mail|1')).toThrow();
    expect(() => unseal(key, sealed, 'a|mail|2')).toThrow();
    expect(() => unseal(Buffer.alloc(32, 8), sealed, 'a|mail|1')).toThrow();
    for (let bit = 0; bit < sealed.ciphertext.length * 8; bit++) {
      const ciphertext = Uint8Array.from(sealed.ciphertext);
      ciphertext[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => unseal(key, { ...sealed, ciphertext }, 'a|mail|1')).toThrow();
    }
    expect(() => unseal(key, { ...sealed, ciphertext: sealed.ciphertext.subarray(0, 10) }, 'a|mail|1')).toThrow();
  });

  it('never uses a nonce twice', () => {
    const key = Buffer.alloc(32);
    const nonces = new Set(Array.from({ length: 1000 }, () => Buffer.from(seal(key, key, '').nonce).toString('hex')));
    expect(nonces.size).toBe(1000);
  });
});
