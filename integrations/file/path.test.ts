import { describe, expect, it } from 'vitest';
import { NodeError } from '../error.ts';
import { checkPath, checkPrefix } from './path.ts';

const BAD = [
  '',
  '/etc/passwd',
  '../../etc/passwd',
  'a/../../b',
  '..',
  'a/..',
  '.',
  './a',
  'a/./b',
  'a//b',
  'a/',
  'a\\b',
  '..\\..\\windows',
  'a\u0000b',
  'a\nb',
  '\u007f',
  'x'.repeat(513),
  '\ud800',
];

describe('paths of the file store', () => {
  it.each(BAD)('refuses %j, saying why', (path) => {
    const error = (() => {
      try {
        checkPath(path);
      } catch (thrown) {
        return thrown as NodeError;
      }
    })();
    expect(error).toBeInstanceOf(NodeError);
    expect(error?.code).toBe('file.path');
    expect(error?.message).toMatch(/^The path .* Write it like/s);
    expect(error?.message.length).toBeLessThan(300);
  });

  it.each(['a', 'a/b.csv', 'rejected/run 7.csv', 'ünï/日本.txt', '...', 'a..b', '%2e%2e/x', '-', '~root'])(
    'takes %j',
    (path) => {
      expect(checkPath(path)).toBe(path);
    },
  );

  it('takes an empty prefix and one with a final slash', () => {
    expect(checkPrefix('')).toBe('');
    expect(checkPrefix('reports/')).toBe('reports/');
    expect(() => checkPrefix('../')).toThrow('..');
    expect(() => checkPrefix('/')).toThrow();
  });
});
