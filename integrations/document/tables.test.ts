import { describe, expect, it } from 'vitest';
import { sheetData, wordDocument, wordTable, workbook } from '../parsing/testing/office.ts';
import { pdfOf } from '../parsing/testing/pdf.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { tables } from './tables.ts';

const tablesOf = async (bytes: Buffer | string, parameters: object = {}) =>
  (await runNode(tables, fakeContext(), { base64: Buffer.from(bytes).toString('base64'), ...parameters })).tables;

describe('document.tables', { timeout: 60_000 }, () => {
  it('finds the tables of a PDF by where the texts stand', async () => {
    const line = (y: number, ...cells: [number, string][]) => cells.map(([x, text]) => ({ x, y, text }));
    const page = [
      ...line(760, [50, 'Invoice 7, for everything that was delivered in May.']),
      ...line(700, [50, 'Item'], [250, 'Count'], [350, 'Price']),
      ...line(684, [50, 'Green tea, loose'], [262, '12'], [350, '24.00']),
      ...line(668, [50, 'Milk'], [350, '1.50']),
      ...line(600, [50, 'Thank you.']),
    ];
    const found = await tablesOf(pdfOf([page]));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ page: 1, columns: ['Item', 'Count', 'Price'], count: 2, more: false });
    expect(found[0]!.rows).toEqual([
      { Item: 'Green tea, loose', Count: '12', Price: '24.00' },
      { Item: 'Milk', Count: '', Price: '1.50' },
    ]);
  });

  it('refuses a PDF of which it would read only a part', async () => {
    const pages = Array.from({ length: 501 }, () => []);
    const base64 = pdfOf(pages).toString('base64');
    const error = await failure(runNode(tables, fakeContext(), { base64 }));
    expect(error).toMatchObject({ code: 'document.tooLarge', retryable: false });
    expect(error.message).toContain('501 pages');
  });

  it('reads tables of HTML, with cells that span others', async () => {
    const html = `<html><body><table><caption>Staff</caption><tr><th>team</th><th colspan="2">name</th></tr>
      <tr><td rowspan="2">A</td><td>Ann</td><td>Lee</td></tr><tr><td>Ben</td><td>Kay</td></tr></table></body></html>`;
    expect(await tablesOf(html)).toEqual([
      {
        name: 'Staff',
        page: null,
        columns: ['team', 'name', 'name_2'],
        rows: [
          { team: 'A', name: 'Ann', name_2: 'Lee' },
          { team: 'A', name: 'Ben', name_2: 'Kay' },
        ],
        count: 2,
        more: false,
      },
    ]);
  });

  it('reads tables of Word, Excel and CSV', async () => {
    const rows = [
      ['a', 'b'],
      ['1', '2'],
    ];
    expect(await tablesOf(wordDocument(wordTable(rows)))).toMatchObject([{ rows: [{ a: '1', b: '2' }] }]);
    const sheets = {
      One: sheetData([
        ['a', 'b'],
        [1, 2],
        [3, 4],
      ]),
      Two: sheetData([['c'], [5]]),
    };
    expect(await tablesOf(workbook({ sheets }), { limit: 1 })).toMatchObject([
      { name: 'One', rows: [{ a: 1, b: 2 }], more: true },
      { name: 'Two', rows: [{ c: 5 }], more: false },
    ]);
    expect(await tablesOf('a,b\n1,2\n', { header: false })).toMatchObject([{ rows }]);
  });

  it('refuses kinds without tables', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    expect((await failure(tablesOf(png))).message).toContain('document.ocr');
  });
});
