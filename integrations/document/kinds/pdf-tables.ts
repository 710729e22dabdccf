import { DocumentError } from '../../parsing/program.ts';
import type { NumberedRow } from '../../parsing/records.ts';
import { type Pdf, type Piece, piecesOf } from './pdf.ts';

/** A table as it stands in a document. */
export interface FoundTable {
  /** Name of the sheet, or the caption. */
  readonly name: string | null;
  /** The page of a PDF, counted from 1. */
  readonly page: number | null;
  readonly rows: readonly NumberedRow[];
}

/** A stretch of text on a line: a cell, if the line belongs to a table. */
interface Cell {
  readonly left: number;
  right: number;
  text: string;
}

/** Most pages of a PDF: what stands on later ones would be missing without a word. */
const MOST_PAGES = 500;

/**
 * The tables of a PDF, which says only where each text stands. Lines that follow one another and have gaps at the same
 * places are a table. A line of prose has no such gaps.
 *
 * @throws DocumentError `document.tooLarge`
 */
export async function tablesOfPdf(pdf: Pdf): Promise<FoundTable[]> {
  if (pdf.numPages > MOST_PAGES)
    throw new DocumentError(
      'document.tooLarge',
      `The PDF has ${pdf.numPages} pages; tables are read of at most ${MOST_PAGES}. Split it.`,
    );
  const tables: FoundTable[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    for (const lines of blocksOf(linesOf(await piecesOf(pdf, number)))) {
      const rows = alignedRows(lines).map((cells, at) => ({ number: at + 1, cells }));
      tables.push({ name: null, page: number, rows });
    }
  }
  return tables;
}

/** Lines from top to bottom, each with its cells from left to right. */
function linesOf(pieces: readonly Piece[]): Cell[][] {
  const lines: { y: number; height: number; pieces: Piece[] }[] = [];
  const visible = pieces.filter(({ text }) => text.trim() !== '').sort((a, b) => b.y - a.y);
  for (const piece of visible) {
    const last = lines.at(-1);
    if (last && Math.abs(last.y - piece.y) < Math.max(2, last.height / 2)) last.pieces.push(piece);
    else lines.push({ y: piece.y, height: piece.height, pieces: [piece] });
  }
  return lines.map((line) => cellsOf(line.pieces));
}

/** Pieces that stand close to each other are one cell. */
function cellsOf(pieces: Piece[]): Cell[] {
  const cells: Cell[] = [];
  for (const { text, x, width, height } of pieces.sort((a, b) => a.x - b.x)) {
    const last = cells.at(-1);
    const gap = last ? x - last.right : Number.POSITIVE_INFINITY;
    if (last && gap < height) {
      last.text += (gap > height * 0.15 && !last.text.endsWith(' ') ? ' ' : '') + text;
      last.right = x + width;
    } else cells.push({ left: x, right: x + width, text });
  }
  return cells;
}

/** Two or more lines after one another that have two or more cells. */
function blocksOf(lines: readonly Cell[][]): Cell[][][] {
  const blocks: Cell[][][] = [];
  let open: Cell[][] = [];
  for (const line of [...lines, []]) {
    if (line.length >= 2) open.push(line);
    else {
      if (open.length >= 2) blocks.push(open);
      open = [];
    }
  }
  return blocks;
}

/** Cells that stand above each other are a column. */
function alignedRows(lines: readonly Cell[][]): string[][] {
  const columns: { left: number; right: number }[] = [];
  for (const { left, right } of lines.flat().sort((a, b) => a.left - b.left)) {
    const last = columns.at(-1);
    if (last && left < last.right) last.right = Math.max(last.right, right);
    else columns.push({ left, right });
  }
  return lines.map((line) =>
    columns.map(({ left, right }) =>
      line
        .filter((cell) => cell.left < right && cell.right > left)
        .map(({ text }) => text.trim())
        .join(' '),
    ),
  );
}
