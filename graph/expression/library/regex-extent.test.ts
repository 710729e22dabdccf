import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../index.ts';
import { extentOf } from './regex-extent.ts';

describe('the extent of a pattern', () => {
  it.each([
    '(.*.*.*){100}',
    '^.{1,255}$',
    '(?:[\\pL\\pN]{9}){20}',
    '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$',
    '(((|a){10}){10}){5}',
    '[^]{30}[^a](.?.?){40}]',
    '\\u{(.?){70}',
    '\\x{41}{50}|[[:alpha:]]{70}',
    'a|b{2,}|(?i)c{3}?',
  ])('%s: the size is close to that of the program', (pattern) => {
    const size = RE2JS.compile(RE2JS.translateRegExp(pattern)).programSize();
    const extent = extentOf(RE2JS.translateRegExp(pattern)).size;
    expect(extent).toBeGreaterThanOrEqual(size / 2 - 5);
    expect(extent).toBeLessThanOrEqual(size * 2 + 5);
  });

  it('is known without writing out repetitions: such patterns are refused when the graph is saved', () => {
    const begun = performance.now();
    for (const pattern of ['(.*.*.*.*.*.*){1000}', `(${'.?'.repeat(240)}){1000}`]) {
      expect(extentOf(pattern).size).toBeGreaterThan(10_000);
      expect(parseExpression(`regex.test(input.a, '${pattern}')`).ok).toBe(false);
    }
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('counts classes of Unicode', () => {
    expect(extentOf('[\\pL\\p{Greek}]\\PN').classes).toBe(3);
  });
});
