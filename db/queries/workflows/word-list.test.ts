import { describe, expect, it } from 'vitest';
import { soughtWords, wordsOf } from './word-list.ts';

describe('wordsOf', () => {
  it('finds each word once, in lower case, and the parts of names', () => {
    expect(wordsOf(['Send an e-mail', null, 'email.sendMessage send'])).toEqual([
      ...['send', 'an', 'e', 'mail'],
      ...['email', 'sendmessage', 'message'],
    ]);
    expect(wordsOf(['ÄRGER 東京 x2Go'])).toEqual(['ärger', '東京', 'x2go', 'x2', 'go']);
  });

  it('is bounded, whatever the text', () => {
    const many = Array.from({ length: 9_000 }, (_, at) => `w${at}`).join(' ');
    expect(wordsOf([many])).toHaveLength(2_000);
    expect(wordsOf(['a'.repeat(900_000)])).toEqual(['a'.repeat(40)]);
    expect(wordsOf(['aB'.repeat(400_000)])[0]).toHaveLength(40);
  });

  it('cuts a long word between two characters', () => {
    expect(wordsOf([`${'あ'.repeat(39)}𠮷野`])).toEqual(['あ'.repeat(39)]);
    expect(wordsOf([`${'あ'.repeat(38)}𠮷野`])).toEqual([`${'あ'.repeat(38)}𠮷`]);
  });

  it('takes the first text first', () => {
    expect(wordsOf(['name', Array.from({ length: 9_000 }, (_, at) => `w${at}`).join(' ')])[0]).toBe('name');
  });
});

describe('soughtWords', () => {
  it('takes eight words at most', () => {
    expect(soughtWords('  Send  MAIL, send ')).toEqual(['send', 'mail']);
    expect(soughtWords('a b c d e f g h i j')).toHaveLength(8);
    expect(soughtWords('%_ \\')).toEqual([]);
  });
});
