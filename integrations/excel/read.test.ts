import { describe, expect, it } from 'vitest';
import { sheetData, workbook } from '../parsing/testing/office.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';

const readBytes = (bytes: Buffer, parameters: object = {}) =>
  runNode(read, fakeContext(), { base64: bytes.toString('base64'), ...parameters });
/** A cell with a number and a style. */
const styled = (value: number, style: number) => `<c s="${style}"><v>${value}</v></c>`;
const row = (...cells: string[]) => `<sheetData><row>${cells.join('')}</row></sheetData>`;

describe('excel.read', { timeout: 60_000 }, () => {
  it('reads texts, numbers, booleans, errors and gaps', async () => {
    const bytes = workbook({
      texts: [
        '<t>id</t>',
        '<r><t>na</t></r><r><t>me</t></r><rPh sb="0" eb="1"><t>NO</t></rPh>',
        '<t xml:space="preserve"> Ann &amp; Ben </t>',
      ],
      sheets: {
        Orders: `<sheetData>
          <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="str"><v>paid</v></c></row>
          <row r="4"><c r="A4"><v>7</v></c><c r="B4" t="s"><v>2</v></c><c r="D4" t="b"><v>1</v></c></row>
          <row r="5"><c r="A5" t="e"><v>#DIV/0!</v></c></row></sheetData>`,
      },
    });
    expect(await readBytes(bytes)).toEqual({
      sheet: 'Orders',
      sheets: ['Orders'],
      columns: ['id', 'name', 'column_3', 'paid'],
      rows: [
        { id: 7, name: ' Ann & Ben ', column_3: null, paid: true },
        { id: '#DIV/0!', name: null, column_3: null, paid: null },
      ],
      count: 2,
      more: false,
      uncomputed: 0,
    });
  });

  it('reads dates as what the cell shows', async () => {
    const formats = [
      'yyyy-mm-dd',
      'dd.mm.yyyy hh:mm',
      'h:mm',
      '[h]:mm',
      '#,##0.00 "days"',
      '[$-409]d\\-mmm\\-yy;@',
      '[Red]0.0',
    ];
    const cells = [
      styled(46173, 1),
      styled(46173.5625, 2),
      styled(0.5625, 3),
      styled(1.25, 4),
      styled(3.5, 5),
      styled(46173, 6),
      styled(2, 7),
      styled(45292.999999999, 2),
      styled(1, 1),
    ];
    const { rows } = await readBytes(workbook({ formats, sheets: { A: row(...cells) } }), { header: false });
    expect(rows).toEqual([
      [
        '2026-05-31',
        '2026-05-31T13:30:00',
        '13:30:00',
        '30:00:00',
        3.5,
        '2026-05-31',
        2,
        '2024-01-02T00:00:00',
        '1900-01-01',
      ],
    ]);
    const from1904 = workbook({ formats, sheets: { A: row(styled(44711, 1)) }, date1904: true });
    expect((await readBytes(from1904, { header: false })).rows).toEqual([['2026-05-31']]);
  });

  it('takes the sheet that is named, numbered, or the first that is not hidden', async () => {
    const bytes = workbook({ sheets: { '.Secret': row(styled(1, 0)), Été: row(styled(2, 0)), C: row(styled(3, 0)) } });
    const first = async (parameters: object) => (await readBytes(bytes, { header: false, ...parameters })).rows;
    expect(await first({})).toEqual([[2]]);
    expect(await first({ sheet: 'C' })).toEqual([[3]]);
    expect(await first({ sheet: 1 })).toEqual([[1]]);
    const missing = await failure(first({ sheet: 'D' }));
    expect(missing).toMatchObject({ code: 'document.notFound' });
    expect(missing.message).toContain('Its sheets are: "Secret", "Été", "C".');
  });

  it('gives long ids that another program wrote as numbers as texts with every digit', async () => {
    const cells = '<c><v>7615917337495251231</v></c><c><v>42</v></c><c><v>7.6159173374952509E+18</v></c>';
    const { rows } = await readBytes(workbook({ sheets: { A: row(cells) } }), { header: false });
    expect(rows).toEqual([['7615917337495251231', 42, 7.6159173374952509e18]]);
  });

  it('reads formulas, and says which nobody has computed', async () => {
    const cells = '<c><f>A2+1</f><v>3</v></c><c><f>B2+1</f></c>';
    const bytes = workbook({ sheets: { A: row(cells) } });
    expect(await readBytes(bytes, { header: false })).toMatchObject({ rows: [[3]], uncomputed: 1 });
    expect((await readBytes(bytes, { header: false, formulas: 'formulas' })).rows).toEqual([['=A2+1', '=B2+1']]);
  });

  it('gives merged cells their value once, or in all of them', async () => {
    const data =
      '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="C1"><v>1</v></c></row><row r="2"><c r="C2"><v>2</v></c></row></sheetData>';
    const bytes = workbook({ sheets: { A: `${data}<mergeCells><mergeCell ref="A1:B2"/></mergeCells>` } });
    expect((await readBytes(bytes, { header: false })).rows).toEqual([
      ['a', null, 1],
      [null, null, 2],
    ]);
    expect((await readBytes(bytes, { header: false, merged: 'all' })).rows).toEqual([
      ['a', 'a', 1],
      ['a', 'a', 2],
    ]);
  });

  it('reads a table below a title, and a part of it', async () => {
    const bytes = workbook({
      sheets: { A: sheetData([['Prices'], ['name', 'price'], ['Tea', 2], ['Milk', 1], ['Rice', 3]]) },
    });
    const { rows, more } = await readBytes(bytes, { headerRow: 2, skip: 1, limit: 1 });
    expect([rows, more]).toEqual([[{ name: 'Milk', price: 1 }], true]);
  });

  it('says what else the bytes are', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]);
    expect((await failure(readBytes(old))).message).toContain('Excel 97 to 2003 (.xls)');
    const locked = Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]);
    expect((await failure(readBytes(locked))).code).toBe('document.encrypted');
    expect((await failure(readBytes(Buffer.from('a,b\n1,2\n')))).message).toContain('Use csv.read for CSV');
    expect((await failure(readBytes(Buffer.alloc(0)))).message).toContain('it is empty');
  });

  it('reads 10,000 rows of six columns', async () => {
    const rows = Array.from({ length: 10_000 }, (_, id) => [id, `Product ${id}`, id / 4, true, 'EUR', null]);
    const bytes = workbook({
      sheets: { A: sheetData([['id', 'name', 'price', 'stock', 'currency', 'note'], ...rows]) },
    });
    const read = await readBytes(bytes);
    expect([read.count, read.rows[9_999]]).toMatchObject([10_000, { id: 9_999, name: 'Product 9999' }]);
  });
});
