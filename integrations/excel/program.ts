import { DocumentError, type Done, type Task } from '../parsing/program.ts';
import { tableOf } from '../parsing/records.ts';
import { makeWorkbook, type NewSheet } from './make.ts';
import { openWorkbook, type SheetEntry, type Workbook } from './parts.ts';
import { readSheet, type SheetOptions } from './sheet.ts';

/** Parameters of `read`. */
export interface ReadExcel {
  readonly sheet?: string | number | undefined;
  readonly headerRow: number;
  readonly header: boolean;
  readonly skip: number;
  readonly limit: number;
  readonly formulas: SheetOptions['formulas'];
  readonly merged: SheetOptions['merged'];
}

async function read({ parameters, bytes }: Task<ReadExcel>): Promise<Done> {
  const { header, headerRow, skip, limit, formulas, merged } = parameters;
  const workbook = await openWorkbook(bytes);
  const entry = sheetOf(workbook, parameters.sheet);
  const head = header ? 1 : 0;
  const options = { most: head + skip + limit + 1, from: headerRow, formulas, merged };
  const { rows, uncomputed } = await readSheet(workbook, entry, options);
  const table = tableOf([...rows.slice(0, head), ...rows.slice(head + skip, head + skip + limit)], header);
  return {
    value: {
      ...table,
      sheet: entry.name,
      sheets: workbook.sheets.map(({ name }) => name),
      count: table.rows.length,
      more: rows.length > head + skip + limit,
      uncomputed,
    },
  };
}

function sheetOf({ sheets }: Workbook, wanted: string | number | undefined): SheetEntry {
  const found =
    wanted === undefined
      ? (sheets.find(({ visible }) => visible) ?? sheets[0])
      : typeof wanted === 'number'
        ? sheets[wanted - 1]
        : sheets.find(({ name }) => name === wanted);
  if (found) return found;
  const names = sheets.map(({ name }) => JSON.stringify(name)).join(', ');
  const what = wanted === undefined ? 'sheet' : `sheet ${JSON.stringify(wanted)}`;
  throw new DocumentError('document.notFound', `The workbook has no ${what}. Its sheets are: ${names || 'none'}.`);
}

function write({ parameters }: Task<{ readonly sheets: readonly NewSheet[] }>): Done {
  return {
    value: { rows: parameters.sheets.reduce((sum, { rows }) => sum + rows.length, 0) },
    bytes: [makeWorkbook(parameters.sheets)],
  };
}

/** Tasks of `excel.read` and `excel.write`. */
export const tasks = { read, write };
