import { serviceNumber } from '../../graph/exact-json.ts';
import { DocumentError } from '../parsing/program.ts';
import type { NumberedRow } from '../parsing/records.ts';
import { localName, readXml } from '../parsing/xml-events.ts';
import { dateOf } from './dates.ts';
import { type SheetEntry, textCollector, textOf, type Workbook } from './parts.ts';

/** How a sheet is read. */
export interface SheetOptions {
  /** The rows that are read end with this many that hold something. */
  readonly most: number;
  /** The first row to read, counted from 1. */
  readonly from: number;
  readonly formulas: 'values' | 'formulas';
  readonly merged: 'first' | 'all';
}

/** The rows of a sheet that hold something. */
export interface Sheet {
  readonly rows: NumberedRow[];
  /** Cells whose formula nobody has computed, so that they have no value. */
  readonly uncomputed: number;
}

interface Cell {
  readonly type: string;
  readonly style: number;
  readonly column: number;
  value: string;
  formula: string | null;
}

/** Thrown to end the reading early. */
const ENOUGH = Symbol('enough');

const MAX_COLUMNS = 16_384;
/** Rows that a sheet of Excel can have. */
export const MAX_SHEET_ROWS = 1_048_576;

/** Reads a sheet. */
export async function readSheet(workbook: Workbook, sheet: SheetEntry, options: SheetOptions): Promise<Sheet> {
  const xml = await textOf(workbook.archive, sheet.file);
  const reader = sheetReader(workbook, options);
  try {
    readXml(xml, reader.events);
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  if (options.merged === 'all') fillMerged(reader.rows, mergesOf(xml));
  return { rows: reader.rows, uncomputed: reader.uncomputed() };
}

function sheetReader(workbook: Workbook, { most, from, formulas }: SheetOptions) {
  const rows: NumberedRow[] = [];
  const text = textCollector();
  let number = 0;
  let cells: unknown[] = [];
  let next = 0;
  let cell: Cell | null = null;
  let within = '';
  let uncomputed = 0;

  const open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    const local = localName(name);
    within = local;
    text.open(local);
    if (local === 'row') {
      number = attributes.r === undefined ? number + 1 : rowOf(attributes.r);
      cells = [];
      next = 0;
    } else if (local === 'c') {
      const column = attributes.r === undefined ? next : columnOf(attributes.r);
      next = column + 1;
      text.clear();
      cell = { type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), column, value: '', formula: null };
    } else if (local === 'f' && cell) cell.formula = '';
  };

  const close = (name: string): void => {
    const local = localName(name);
    text.close(local);
    within = '';
    if (local === 'c' && cell) {
      if (cell.type === 'inlineStr') cell.value = text.whole();
      if (cell.formula !== null && cell.value === '' && cell.type !== 'str') uncomputed += 1;
      const value = formulas === 'formulas' && cell.formula ? `=${cell.formula}` : valueIn(workbook, cell);
      if (value !== null) cells[cell.column] = value;
      cell = null;
    } else if (local === 'row' && cells.length > 0 && number >= from) {
      rows.push({ number, cells: Array.from(cells, (value) => value ?? null) });
      if (rows.length >= most) throw ENOUGH;
    }
  };

  const add = (part: string): void => {
    text.add(part);
    if (!cell) return;
    if (within === 'v') cell.value += part;
    if (within === 'f') cell.formula += part;
  };
  return { rows, uncomputed: () => uncomputed, events: { open, close, text: add } };
}

function valueIn({ texts, kinds, from1904 }: Workbook, { type, style, value }: Cell): unknown {
  if (value === '') return null;
  switch (type) {
    case 's':
      return texts[Number(value)] ?? null;
    case 'b':
      return value === '1' || value === 'true';
    case 'n': {
      const number = Number(value);
      if (Number.isNaN(number))
        throw new DocumentError('document.broken', `a cell holds the number ${JSON.stringify(value)}`);
      const kind = kinds[style] ?? 'number';
      // Excel itself keeps 15 digits; other programs write long ids as numbers.
      return kind === 'number' ? serviceNumber(value) : dateOf(number, kind, from1904);
    }
    default:
      // Texts of formulas, texts of the cell itself, errors such as #DIV/0!, and ISO dates.
      return value;
  }
}

function rowOf(number: string): number {
  const row = Number(number);
  if (Number.isInteger(row) && row >= 1 && row <= MAX_SHEET_ROWS) return row;
  throw new DocumentError('document.broken', `a row has the number ${JSON.stringify(number.slice(0, 20))}`);
}

/** The column of a reference such as `AB12`, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replace(/\d+$/, '')) column = column * 26 + (letter.charCodeAt(0) - 64);
  if (column < 1 || column > MAX_COLUMNS) {
    throw new DocumentError('document.broken', `a cell has the place ${JSON.stringify(reference.slice(0, 20))}`);
  }
  return column - 1;
}

interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Areas of cells that are shown as one. They stand behind the rows. */
function mergesOf(xml: string): Area[] {
  return [...xml.matchAll(/<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g)].map(
    ([, left, top, right, bottom]) => ({
      top: Number(top),
      left: columnOf(left!),
      bottom: Number(bottom),
      right: columnOf(right!),
    }),
  );
}

/** Gives all cells of a merged area the value of its first one. */
function fillMerged(rows: readonly NumberedRow[], areas: readonly Area[]): void {
  const byNumber = new Map(rows.map((row) => [row.number, row.cells as unknown[]]));
  for (const { top, left, bottom, right } of areas) {
    const value = byNumber.get(top)?.[left] ?? null;
    if (value === null) continue;
    for (const [number, cells] of byNumber) {
      if (number < top || number > bottom) continue;
      for (let column = left; column <= right; column += 1) cells[column] = value;
    }
  }
}
