import { describe, expect, it } from 'vitest';
import { arrayLiteral, parseArray } from './arrays.ts';

const same = (text: string) => text;

describe('array literals', () => {
  it.each([
    ['{}', []],
    ['{1,2}', ['1', '2']],
    ['{NULL,"NULL",null}', [null, 'NULL', 'null']],
    ['{"a,b","\\"","\\\\",""}', ['a,b', '"', '\\', '']],
    [
      '{{1,2},{3,4}}',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['[2:3]={a,b}', ['a', 'b']],
  ])('reads %s', (text, list) => {
    expect(parseArray(text, same)).toEqual(list);
  });

  it('reads back what it writes', () => {
    const list = ['a', null, 'NULL', '{', '}', ',', '"', '\\', '', ' x ', ['n', ['m']]];
    expect(parseArray(arrayLiteral(list, String), same)).toEqual(list);
  });

  it('refuses text that is not an array rather than reading on', () => {
    expect(() => parseArray('{1,2', same)).toThrow('not an array');
    expect(() => parseArray('nothing', same)).toThrow('not an array');
  });
});
