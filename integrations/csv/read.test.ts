import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';

const rowsOf = async (text: string | Buffer, parameters: object = {}) => {
  const ctx = fakeContext();
  await ctx.files.write('a.csv', Buffer.from(text), null);
  return runNode(read, ctx, { path: 'a.csv', ...parameters });
};

describe('csv.read', { timeout: 60_000 }, () => {
  it('reads rows by the names of the columns, and loses nothing', async () => {
    expect(await rowsOf('\ufeffid,name,name\r\n007,"Ann, the ""first""",x\r\n\r\n8,"two\nlines"\r\n')).toEqual({
      columns: ['id', 'name', 'name_2'],
      rows: [
        { id: '007', name: 'Ann, the "first"', name_2: 'x' },
        { id: '8', name: 'two\nlines', name_2: null },
      ],
      count: 2,
      more: false,
      separator: ',',
      encoding: 'utf-8',
    });
  });

  it('finds the separator that the lines agree on', async () => {
    expect((await rowsOf('a;b\n1,5;2\n3,5;4\n')).rows).toEqual([
      { a: '1,5', b: '2' },
      { a: '3,5', b: '4' },
    ]);
    expect((await rowsOf('a\tb\n1, 2\t3\n')).separator).toBe('\t');
    expect((await rowsOf('a:b\n1:2\n', { separator: ':' })).rows).toEqual([{ a: '1', b: '2' }]);
  });

  it('takes the separator that a first line names, and that line for no row', async () => {
    expect(await rowsOf('sep=;\r\na,1;b\r\n1;2\r\n')).toMatchObject({ separator: ';', rows: [{ 'a,1': '1', b: '2' }] });
    expect(await rowsOf('SEP=|\na|b\n1|2\n', { separator: '|' })).toMatchObject({ rows: [{ a: '1', b: '2' }] });
  });

  it('says what a document is that is no text', async () => {
    const error = await failure(rowsOf(Buffer.from('PK\x03\x04 and more', 'latin1'), { encoding: 'windows-1252' }));
    expect(error).toMatchObject({ code: 'document.kind', message: expect.stringContaining('.xlsx') });
  });

  it('reads a part, and says whether there is more', async () => {
    const text = 'n\n1\n2\n3\n4\n';
    expect(await rowsOf(text, { skip: 1, limit: 2 })).toMatchObject({ rows: [{ n: '2' }, { n: '3' }], more: true });
    expect(await rowsOf(text, { header: false, limit: 5 })).toMatchObject({ count: 5, more: false, columns: [] });
    expect(await rowsOf('')).toMatchObject({ rows: [], columns: [] });
  });

  it('reads letters of all languages, and never guesses an encoding', async () => {
    const old = Buffer.from('name;preis\nM\xfcller;5 \x80\n', 'latin1');
    expect((await failure(rowsOf(old))).code).toBe('document.encoding');
    expect((await rowsOf(old, { encoding: 'windows-1252' })).rows).toEqual([{ name: 'Müller', preis: '5 €' }]);
    const wide = Buffer.from('\ufeff名前,市\n太郎,東京\n', 'utf16le');
    expect(await rowsOf(wide)).toMatchObject({ rows: [{ 名前: '太郎', 市: '東京' }], encoding: 'utf-16le' });
  });

  it('says which row is wrong', async () => {
    const wide = await failure(rowsOf('a,b\n1,2\n1,2,3\n'));
    expect(wide).toMatchObject({ code: 'document.broken', retryable: false });
    expect(wide.message).toContain('row 3 has a value in column 3, but the header has only 2 columns');
    expect((await failure(rowsOf('a,b\n"1,2\n'))).message).toMatch(/the CSV text has a mistake: .*Quote/);
  });

  it('reads 50,000 rows', async () => {
    const text = `id,name,price\n${Array.from({ length: 50_000 }, (_, id) => `${id},Product ${id},${id / 100}\n`).join('')}`;
    const { count, rows } = await rowsOf(text);
    expect([count, rows.at(-1)]).toEqual([50_000, { id: '49999', name: 'Product 49999', price: '499.99' }]);
  });
});
