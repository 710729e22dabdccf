import { type CheerioAPI, load } from 'cheerio/slim';
import { rowsOf } from '../csv/program.ts';
import { separated } from '../csv/separator.ts';
import { decodeHtml } from '../html/page.ts';
import { decode } from '../parsing/decode.ts';
import { DocumentError } from '../parsing/program.ts';
import { type NumberedRow, tableOf } from '../parsing/records.ts';
import { recognise } from './kinds/kind.ts';
import { wordToHtml } from './kinds/office.ts';
import { type Asset, openPdf } from './kinds/pdf.ts';
import { type FoundTable, tablesOfPdf } from './kinds/pdf-tables.ts';
import { sheetsOf } from './kinds/sheets.ts';

/** Parameters of `tables`. */
export interface ReadTables {
  readonly header: boolean;
  readonly limit: number;
  readonly encoding?: string | undefined;
}

/** The tables of a document. */
export async function readTables(bytes: Buffer, options: ReadTables, asset: Asset) {
  const { header, limit } = options;
  const found = (await find(bytes, options, asset)).filter(({ rows }) => rows.length > 0);
  return found.map(({ name, page, rows }) => {
    const table = tableOf(widened(rows.slice(0, limit + (header ? 1 : 0)), header), header);
    return { name, page, ...table, count: table.rows.length, more: rows.length - (header ? 1 : 0) > limit };
  });
}

/** A header that is narrower than its table gets columns without a name, because nobody promised that the two agree. */
function widened(rows: readonly NumberedRow[], header: boolean): readonly NumberedRow[] {
  const [first, ...rest] = rows;
  if (!header || !first) return rows;
  const width = rest.reduce((most, { cells }) => Math.max(most, cells.length), first.cells.length);
  const cells = Array.from({ length: width }, (_, at) => first.cells[at] || `column_${at + 1}`);
  return [{ ...first, cells }, ...rest];
}

async function find(bytes: Buffer, { limit, encoding }: ReadTables, asset: Asset): Promise<FoundTable[]> {
  const recognised = await recognise(bytes, encoding);
  switch (recognised.kind) {
    case 'pdf':
      return tablesOfPdf(await openPdf(bytes, asset));
    case 'docx':
      return tablesOfHtml(await wordToHtml(recognised.archive));
    case 'html':
      return tablesOfHtml(decodeHtml(bytes, encoding).text);
    case 'xlsx':
      return (await sheetsOf(bytes, limit + 2)).map(({ name, rows }) => ({ name, page: null, rows }));
    case 'csv':
    case 'text': {
      const { separator, rows } = separated(decode(bytes, encoding).text);
      return [{ name: null, page: null, rows: rowsOf(rows, separator, limit + 2) }];
    }
    case 'image':
      throw new DocumentError('document.kind', 'This is an image. document.ocr reads the text in it.');
    default:
      throw new DocumentError('document.kind', `Tables are not read from this kind of document (${recognised.kind}).`);
  }
}

/** The tables of a page; what spans several cells stands in all of them. */
function tablesOfHtml(html: string): FoundTable[] {
  const page = load(html);
  return page('table')
    .toArray()
    .filter((table) => page(table).find('table').length === 0)
    .map((table) => ({
      name: page(table).children('caption').text().trim() || null,
      page: null,
      rows: gridOf(page, page(table).find('tr').toArray()).map((cells, at) => ({ number: at + 1, cells })),
    }));
}

const MAX_SPAN = 1_000;

function gridOf(page: CheerioAPI, rows: Parameters<CheerioAPI>[0][]): string[][] {
  const grid: string[][] = rows.map(() => []);
  for (const [at, row] of rows.entries()) {
    let column = 0;
    for (const cell of page(row as never)
      .children('td, th')
      .toArray()) {
      while (grid[at]![column] !== undefined) column += 1;
      const text = page(cell).text().replaceAll(/\s+/g, ' ').trim();
      const span = (name: string): number => Math.min(MAX_SPAN, Math.max(1, Number(page(cell).attr(name) ?? 1) || 1));
      for (let down = 0; down < span('rowspan') && at + down < grid.length; down += 1)
        for (let right = 0; right < span('colspan'); right += 1) grid[at + down]![column + right] = text;
      column += 1;
    }
  }
  return grid.map((cells) => Array.from(cells, (cell) => cell ?? ''));
}
