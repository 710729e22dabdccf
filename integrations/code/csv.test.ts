import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';

const csv = (text: string, options = '') =>
  runNode(javascript, fakeContext(), { source: `return parseCsv(input${options})`, input: text });

describe('parseCsv', () => {
  it('reads byte order marks, CRLF, quotes, line breaks within them, and blank lines', async () => {
    expect(await csv('\ufeffid,name\r\n1,"Ann, ""A"""\r\n\r\n2,"two\r\nlines"\r\n3\r\n\r\n')).toEqual([
      { id: '1', name: 'Ann, "A"' },
      { id: '2', name: 'two\r\nlines' },
      { id: '3', name: null },
    ]);
    expect(await csv('id\r1\r2')).toEqual([{ id: '1' }, { id: '2' }]);
    expect(await csv('a,b\nit is 5" long,x')).toEqual([{ a: 'it is 5" long', b: 'x' }]);
  });

  it.each([
    ['', ''],
    ['\ufeff', ''],
    ['\r\n\r\n', ''],
    ['id,name\r\n', ''],
    ['', ', { header: false }'],
  ])('finds no rows in %j%s', async (text, options) => {
    expect(await csv(text, options)).toEqual([]);
  });

  it('takes another separator, and lists instead of objects', async () => {
    expect(await csv('a;b\n1;', ', { separator: ";", header: false }')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ]);
    expect(await csv('a\tb\n1\t2', ', { separator: "\\t" }')).toEqual([{ a: '1', b: '2' }]);
    expect(await csv('a,b\n1,2,3\n"",', ', { header: false }')).toEqual([
      ['a', 'b'],
      ['1', '2', '3'],
      ['', ''],
    ]);
    expect(await csv('id\n""\n1')).toEqual([{ id: '' }, { id: '1' }]);
  });

  it.each([
    ['sku,price,price\nA-1,10,12\n', { sku: 'A-1', price: '10', price_2: '12' }],
    ['price,price_2,price,price\n1,2,3,4', { price: '1', price_2: '2', price_3: '3', price_4: '4' }],
    ['id,,,\n1,2,3,4', { id: '1', column_2: '2', column_3: '3', column_4: '4' }],
    ['column_2,\n1,2', { column_2: '1', column_2_2: '2' }],
    ['__proto__,constructor\n1,2', JSON.parse('{"__proto__":"1","constructor":"2"}')],
  ])('gives each column of %j a name of its own', async (text, row) => {
    expect(await csv(text)).toEqual([row]);
  });

  it('refuses a field without a column, and says where; an empty field is accepted', async () => {
    const { code, message } = await failure(csv('id,name\n1,Ann\n\n2,Doe, Jane\n'));
    expect([code, message]).toEqual([
      'code.error',
      expect.stringContaining('row 4 has 3 fields, and the header 2; quote fields that hold the separator'),
    ]);
    expect(await csv('id,name\n1,Ann,\n')).toEqual([{ id: '1', name: 'Ann' }]);
  });

  it.each([
    ['a\n"open', '', 'a quote is never closed in row 2'],
    ['a\n1\n"x"y', '', 'text follows a closing quote in row 3'],
    ['a', ', { delimiter: ";" }', 'parseCsv has no option "delimiter"; it has "separator" and "header"'],
    ['a', ', { separator: "\\n" }', 'separator must be one character'],
    ['a', ', { separator: "||" }', 'separator must be one character'],
  ])('refuses %j%s', async (text, options, says) => {
    expect((await failure(csv(text, options))).message).toContain(says);
  });
});
