import { DocumentError } from './program.ts';

/** A table: its columns, and a list or a record for each row. */
export interface Table {
  readonly columns: string[];
  readonly rows: unknown[];
}

/** A row of a document, and its number in the document, counted from 1. */
export interface NumberedRow {
  readonly number: number;
  readonly cells: readonly unknown[];
}

/**
 * Rows as records, keyed by the first of them, or as lists. Nothing is dropped: a second column `price` is `price_2`, a third
 * column without a name is `column_3`, a field that a row lacks is null, and a row with more fields than there are columns
 * is an error.
 */
export function tableOf(rows: readonly NumberedRow[], header: boolean): Table {
  if (!header) return { columns: [], rows: rows.map(({ cells }) => [...cells]) };
  const [first, ...rest] = rows;
  if (!first) return { columns: [], rows: [] };
  const columns = columnsOf(first.cells);
  return { columns, rows: rest.map((row) => recordOf(columns, row)) };
}

function columnsOf(cells: readonly unknown[]): string[] {
  const width = cells.findLastIndex((cell) => !isEmpty(cell)) + 1;
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const wanted = String(cells[index] ?? '').trim() || `column_${index + 1}`;
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  });
}

function recordOf(columns: readonly string[], { number, cells }: NumberedRow): Record<string, unknown> {
  const beyond = cells.findIndex((cell, index) => index >= columns.length && !isEmpty(cell));
  if (beyond >= 0) {
    throw new DocumentError(
      'document.broken',
      `row ${number} has a value in column ${beyond + 1}, but the header has only ${columns.length} columns`,
    );
  }
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null]));
}

const isEmpty = (cell: unknown): boolean => cell === null || cell === undefined || cell === '';
