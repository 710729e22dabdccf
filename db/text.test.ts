import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLike, escapeText, unescapeText } from './text.ts';

describe('escapeText', () => {
  it('leaves ordinary text as it is', () => {
    expect(escapeText('Grüße 👋 50% "x"')).toBe('Grüße 👋 50% "x"');
  });

  it('escapes what Postgres cannot store', () => {
    expect(escapeText('a\u0000b\ud800c\\')).toBe('a\\u0000b\\ud800c\\\\');
    expect(unescapeText('a\\u0000b\\ud800c\\\\')).toBe('a\u0000b\ud800c\\');
  });

  it('is reversible and storable for any string', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
        (text) => {
          const stored = escapeText(text);
          expect(stored.isWellFormed() && !stored.includes('\u0000')).toBe(true);
          expect(unescapeText(stored)).toBe(text);
        },
      ),
    );
  });
});

describe('escapeLike', () => {
  it('makes wildcards plain', () => {
    expect(escapeLike('50%_\\')).toBe('50\\%\\_\\\\');
  });
});
