import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newFuel } from '../fuel.ts';
import { functions } from './index.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

const call = (name: string, ...args: unknown[]) => functions.get(name)?.run(newFuel(), args);
const texts = fc.string({ unit: 'binary', maxLength: 200 });

describe('encodings and hashes', () => {
  it('agree with Node over any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(Buffer.from(toUtf8(text)).equals(Buffer.from(text, 'utf8'))).toBe(true);
        expect(call('base64.encode', text)).toBe(Buffer.from(text, 'utf8').toString('base64'));
        expect(call('base64.decode', Buffer.from(text, 'utf8').toString('base64url'))).toBe(text.toWellFormed());
        expect(call('hash.sha256', text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
        expect(call('hash.sha512', text)).toBe(createHash('sha512').update(text, 'utf8').digest('hex'));
      }),
      { numRuns: 500 },
    );
  });

  it('read as UTF-8 exactly what is UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const bytes = fc
      .uint8Array({ maxLength: 6 })
      .map((some) => some.map((byte, index) => (index % 2 ? byte | 0x80 : byte)));
    fc.assert(
      fc.property(bytes, (some) => {
        let real: string | null;
        try {
          real = strict.decode(some);
        } catch {
          real = null;
        }
        expect(fromUtf8(some)).toBe(real);
      }),
      { numRuns: 5000 },
    );
  });
});
