import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { decode } from '../parsing/decode.ts';
import { DocumentError, type Done, type Task } from '../parsing/program.ts';
import { type NumberedRow, tableOf } from '../parsing/records.ts';
import { separated } from './separator.ts';

/** Parameters of `read`. */
export interface ReadCsv {
  readonly separator?: string | undefined;
  readonly encoding?: string | undefined;
  readonly header: boolean;
  readonly skip: number;
  readonly limit: number;
}

function read({ parameters, bytes }: Task<ReadCsv>): Done {
  const { text, encoding } = decode(bytes, parameters.encoding);
  const { header, skip, limit } = parameters;
  const { separator, rows: lines } = separated(text, parameters.separator);
  const head = header ? 1 : 0;
  const rows = rowsOf(lines, separator, head + skip + limit + 1);
  const kept = [...rows.slice(0, head), ...rows.slice(head + skip, head + skip + limit)];
  const table = tableOf(kept, header);
  return {
    value: { ...table, count: table.rows.length, more: rows.length > head + skip + limit, separator, encoding },
  };
}

/** Rows of a CSV text, without empty lines. @param most rows to read */
export function rowsOf(text: string, separator: string, most: number): NumberedRow[] {
  try {
    const rows = parse(text, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quote within a field that does not begin with one, such as 5" pipe, is a character like others.
      relax_quotes: true,
      skip_empty_lines: true,
      to: most,
      info: true,
    }) as unknown as { record: string[]; info: { records: number } }[];
    return rows.map(({ record, info }) => ({ number: info.records, cells: record }));
  } catch (error) {
    const { message } = error as Error;
    throw new DocumentError('document.broken', `the CSV text has a mistake: ${message}`);
  }
}

/** Parameters of `write`. */
export interface WriteCsv {
  readonly rows: readonly unknown[];
  readonly columns?: readonly string[] | undefined;
  readonly header: boolean;
  readonly separator: string;
  readonly lineBreak: 'lf' | 'crlf';
  readonly byteOrderMark: boolean;
  readonly formulas: 'escape' | 'keep';
}

function write({ parameters }: Task<WriteCsv>): Done {
  const { rows, header, separator, lineBreak, byteOrderMark, formulas } = parameters;
  const columns = parameters.columns ?? columnsOf(rows);
  const lists = rows.map((row) => fieldsOf(row, columns).map(fieldOf));
  const table = header && columns.length > 0 ? [[...columns], ...lists] : lists;
  const text = stringify(table, {
    delimiter: separator,
    record_delimiter: lineBreak === 'crlf' ? '\r\n' : '\n',
    bom: byteOrderMark,
    escape_formulas: formulas === 'escape',
    // A single empty field would be an empty line, which is no row for whoever reads the text.
    quoted_empty: table.some((row) => row.length === 1 && row[0] === ''),
  });
  return { value: { rows: rows.length, columns }, bytes: [Buffer.from(text, 'utf8')] };
}

/** Names of all fields, in the order in which they first appear. */
function columnsOf(rows: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const row of rows) if (isRecord(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

const fieldsOf = (row: unknown, columns: readonly string[]): unknown[] => {
  if (Array.isArray(row)) return row;
  if (!isRecord(row)) return [row];
  return columns.map((name) => (Object.hasOwn(row, name) ? row[name] : null));
};

function fieldOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tasks of `csv.read` and `csv.write`. */
export const tasks = { read, write };
