import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from './split.ts';
import { weigh } from './weigh.ts';

describe('a text in pieces', () => {
  it('loses and adds no letter, keeps within the weight, and is divided the same way each time', () => {
    const words = fc.constantFrom('a', 'word', '漢字', '🙂', ' ', '\n', '\n\n', '. ', '。', 'é', 'e\u0301');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 300 }), fc.integer({ min: 5, max: 60 }), (some, most) => {
        const text = some.join('');
        const pieces = splitText(text, most);
        expect(pieces.join('')).toBe(text);
        expect(splitText(text, most)).toEqual(pieces);
        for (const piece of pieces) expect(weigh(piece)).toBeLessThanOrEqual(most + 4);
      }),
    );
  });

  it('is divided between paragraphs, then lines, then sentences, then words', () => {
    expect(splitText(`${'a '.repeat(40)}\n\n${'b '.repeat(40)}`, 40)).toEqual([
      `${'a '.repeat(40)}\n\n`,
      'b '.repeat(40),
    ]);
    expect(splitText('One is here. Two is here. Three is here.', 9)).toEqual([
      'One is here. Two is here. ',
      'Three is here.',
    ]);
    expect(splitText('これは一つ目の文です。これは二つ目の文です。', 15)).toEqual([
      'これは一つ目の文です。',
      'これは二つ目の文です。',
    ]);
  });

  it('takes no character apart', () => {
    for (const piece of splitText('👩‍👩‍👧'.repeat(20), 17)) expect(piece).toMatch(/^(👩‍👩‍👧)+$/u);
  });

  it('takes linear time, also without any border', () => {
    const began = performance.now();
    for (const unit of ['x', '\n', ' ', '."', '漢'])
      expect(splitText(unit.repeat(2_000_000), 8_000).length).toBeGreaterThan(50);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
