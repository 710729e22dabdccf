import { describe, expect, it } from 'vitest';
import { quoteFinder, quotesIn } from './quotes.ts';

describe('quotes of a model', () => {
  it('are found to the letter, and given as the text has them', () => {
    const text = 'The parcel — “late again” —\n  arrived on Monday.';
    expect(
      quotesIn(text, ['arrived on Monday', 'the parcel - "LATE again" - arrived', 'never arrived', '', '"…"']),
    ).toEqual(['arrived on Monday', 'The parcel — “late again” —\n  arrived']);
  });

  it('have a place', () => {
    const text = 'eins\t zwei  drei';
    expect(quoteFinder(text)('“zwei drei”')).toEqual({ start: 6, end: text.length });
    expect(quoteFinder('量子コンピュータの話')('コンピュータ')).toEqual({ start: 2, end: 8 });
    expect(quoteFinder('İstanbul İzmir')('İzmir')).toEqual({ start: 9, end: 14 });
  });

  it('are found in linear time', () => {
    const find = quoteFinder('a b '.repeat(200_000));
    const began = performance.now();
    for (let i = 0; i < 20; i += 1) expect(find(`A  b a ${i}x`)).toBeNull();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
