import { describe, expect, it } from 'vitest';
import { choose, fits } from './choose.ts';
import { findByWords } from './find-words.ts';
import { passagesOf } from './passages.ts';

const page = (about: string) => `Everything about ${about}. ${'filler '.repeat(60)}`;

describe('passages of a document', () => {
  it('are its text, with their pages and places', () => {
    const pages = [`${page('roofs').repeat(8)}\n\n${page('gardens').repeat(8)}`, '', page('cats')];
    const passages = passagesOf(pages);
    expect(passages.length).toBeGreaterThan(3);
    for (const { page: at, start, text } of passages)
      expect(pages[at - 1]!.slice(start, start + text.length)).toBe(text);
    expect(passages.at(-1)).toMatchObject({ page: 3, index: passages.length - 1 });
  });

  it('are found by words, also of languages without spaces', async () => {
    const passages = passagesOf([page('roofs'), page('gardens'), '契約は三月に終わります。', page('invoices')]);
    expect((await findByWords(passages, 'Who pays for the garden?'))[0]).toBe(1);
    expect((await findByWords(passages, '契約はいつ終わりますか'))[0]).toBe(2);
    expect((await findByWords(passages, 'an invoice'))[0]).toBe(3);
    expect(await findByWords(passages, 'xyzzy')).toEqual([]);
  });

  it('are shown in the order of the document, the most fitting ones as far as there is room', () => {
    const passages = passagesOf([page('a'), page('b'), page('c')]);
    expect(fits(passages, 10_000)).toBe(true);
    expect(fits(passages, 200)).toBe(false);
    expect(choose(passages, [2, 0, 1], 300).map(({ index }) => index)).toEqual([0, 2]);
    expect(choose(passages, [1], 1).map(({ index }) => index)).toEqual([1]);
  });
});
