import { openWorkbook } from '../../excel/parts.ts';
import { readSheet } from '../../excel/sheet.ts';
import type { NumberedRow } from '../../parsing/records.ts';

/** A sheet with all of its rows. */
export interface WholeSheet {
  readonly name: string;
  readonly rows: readonly NumberedRow[];
}

/** Every sheet of a workbook that is not hidden. @param most rows of a sheet */
export async function sheetsOf(bytes: Buffer, most: number): Promise<WholeSheet[]> {
  const workbook = await openWorkbook(bytes);
  const sheets: WholeSheet[] = [];
  for (const entry of workbook.sheets.filter(({ visible }) => visible)) {
    const { rows } = await readSheet(workbook, entry, { most, from: 1, formulas: 'values', merged: 'first' });
    sheets.push({ name: entry.name, rows });
  }
  return sheets;
}

/** Rows as lines, cells separated by tabs. */
export const linesOf = (rows: readonly NumberedRow[]): string =>
  rows
    .map(({ cells }) =>
      cells
        .map((cell) => (cell === null ? '' : String(cell)))
        .join('\t')
        .trimEnd(),
    )
    .join('\n');
