import { strToU8, zipSync } from 'fflate';
import { isExact } from '../../graph/exact-json.ts';
import { DocumentError } from '../parsing/program.ts';
import { serialOf } from './dates.ts';
import { type CellStyle, createStyles, type Styles } from './styles.ts';

/** A column of a sheet that is made. */
export interface NewColumn extends CellStyle {
  readonly key: string;
  readonly title?: string | undefined;
  readonly width?: number | undefined;
  readonly type: 'auto' | 'text' | 'number' | 'date' | 'dateTime' | 'formula';
}

/** A sheet that is made. */
export interface NewSheet {
  readonly name: string;
  readonly rows: readonly unknown[];
  readonly columns?: readonly NewColumn[] | undefined;
  readonly header: boolean;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** A fixed time, so that a step that is tried again makes the same bytes. ZIP knows no earlier year. */
const EPOCH = new Date(1980, 0, 1);

const MAX_TEXT = 32_767;

/** A workbook (.xlsx). */
export function makeWorkbook(sheets: readonly NewSheet[]): Uint8Array {
  const styles = createStyles(escapeXml);
  const made = sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet, styles)] as const);
  const files: [string, string][] = [
    ['[Content_Types].xml', contentTypes(sheets.length)],
    ['_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])],
    ['xl/workbook.xml', workbookXml(sheets)],
    [
      'xl/_rels/workbook.xml.rels',
      relations([
        ...sheets.map((_, index): [string, string] => ['worksheet', `worksheets/sheet${index + 1}.xml`]),
        ['styles', 'styles.xml'],
      ]),
    ],
    ['xl/styles.xml', styles.xml()],
  ];
  const packed = [...files, ...made].map(([name, xml]) => [name, strToU8(XML + xml)] as const);
  return zipSync(Object.fromEntries(packed), { mtime: EPOCH });
}

function sheetXml({ name, rows, columns = columnsOf(rows), header }: NewSheet, styles: Styles): string {
  const title = styles.numberOf({ bold: true });
  const plain = columns.map((column) => styleOf(column));
  const lines: string[] = [];
  if (header && columns.length > 0) {
    const cells = columns.map((column, at) => textCell(placeOf(at, 1), column.title ?? column.key, title));
    lines.push(`<row r="1">${cells.join('')}</row>`);
  }
  for (const row of rows) {
    const number = lines.length + 1;
    const values = valuesOf(row, columns);
    const cells = values.map((value, at) => {
      const where = { place: placeOf(at, number), sheet: name };
      return cell(where, value, columns[at]?.type ?? 'auto', plain[at] ?? {}, styles);
    });
    lines.push(`<row r="${number}">${cells.join('')}</row>`);
  }
  const views = header
    ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    : '';
  const widths = columns.map(
    ({ width = 16 }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const cols = widths.length > 0 ? `<cols>${widths.join('')}</cols>` : '';
  const filter =
    header && columns.length > 0 ? `<autoFilter ref="A1:${placeOf(columns.length - 1, lines.length)}"/>` : '';
  return `<worksheet xmlns="${MAIN}">${views}${cols}<sheetData>${lines.join('')}</sheetData>${filter}</worksheet>`;
}

function columnsOf(rows: readonly unknown[]): NewColumn[] {
  const keys = new Set<string>();
  for (const row of rows) if (isRecord(row)) for (const key of Object.keys(row)) keys.add(key);
  return [...keys].map((key) => ({ key, type: 'auto' }));
}

const styleOf = ({ format, bold, italic, color, fill, align, wrap }: NewColumn): CellStyle =>
  // What is undefined is left out, so that equal styles are written once.
  JSON.parse(JSON.stringify({ format, bold, italic, color, fill, align, wrap })) as CellStyle;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valuesOf(row: unknown, columns: readonly NewColumn[]): unknown[] {
  if (Array.isArray(row)) return row;
  if (!isRecord(row)) return [row];
  return columns.map(({ key }) => (Object.hasOwn(row, key) ? row[key] : null));
}

interface Where {
  readonly place: string;
  readonly sheet: string;
}

function cell(where: Where, value: unknown, type: NewColumn['type'], style: CellStyle, styles: Styles): string {
  const { place } = where;
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean')
    return `<c r="${place}" t="b" s="${styles.numberOf(style)}"><v>${value ? 1 : 0}</v></c>`;
  if (type === 'formula') {
    const formula = escapeXml(String(value).replace(/^=/, ''));
    return `<c r="${place}" s="${styles.numberOf(style)}"><f>${formula}</f></c>`;
  }
  const number = type === 'text' ? null : numberOf(where, value, type);
  if (number !== null) {
    const format = style.format ?? number.format;
    const numbered = styles.numberOf(format === undefined ? style : { ...style, format });
    return `<c r="${place}" s="${numbered}"><v>${number.value}</v></c>`;
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (text.length > MAX_TEXT) throw refused(where, `is a text of ${text.length} characters; Excel takes ${MAX_TEXT}`);
  return textCell(place, text, styles.numberOf(style));
}

/** The number that a value is in Excel, and the format that shows it as what it is. */
function numberOf(where: Where, value: unknown, type: NewColumn['type']): { value: number; format?: string } | null {
  if (typeof value === 'number' && (type === 'auto' || type === 'number')) return { value };
  const date = typeof value === 'string' ? serialOf(value) : null;
  if (date && type !== 'number') {
    const hasTime = type === 'dateTime' || (type === 'auto' && date.hasTime);
    return { value: date.serial, format: hasTime ? 'yyyy-mm-dd hh:mm:ss' : 'yyyy-mm-dd' };
  }
  if (type === 'auto') return null;
  const number = type === 'number' && typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) {
    if (!isExact((value as string).trim()))
      throw refused(
        where,
        `is ${JSON.stringify(value).slice(0, 60)}, of which a number would lose digits: give the column the type "text"`,
      );
    return { value: number };
  }
  const wanted = type === 'number' ? 'a number' : 'an ISO date such as 2026-05-31, from 1900-03-01 on';
  throw refused(where, `is ${JSON.stringify(value).slice(0, 60)}, not ${wanted}`);
}

const refused = ({ place, sheet }: Where, why: string): DocumentError =>
  new DocumentError('document.value', `The value for cell ${place} of the sheet ${JSON.stringify(sheet)} ${why}.`);

const textCell = (place: string, text: string, style: number): string =>
  `<c r="${place}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;

/** The name of a place: `A1`. */
function placeOf(column: number, row: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return `${letters}${row}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML. What XML cannot hold is written as Excel does: `_x0001_`. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/_x[0-9A-F]{4}_/gi, (found) => `_x005F${found}`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g, (letter) => {
        const code = letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        return `_x${code}_`;
      })
      .replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter]!)
  );
}

const relations = (targets: readonly [string, string][]): string =>
  `<Relationships xmlns="${RELATIONS}">${targets
    .map(([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${TYPES}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

const workbookXml = (sheets: readonly NewSheet[]): string =>
  `<workbook xmlns="${MAIN}" xmlns:r="${TYPES}"><sheets>${sheets
    .map(({ name }, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
    .join('')}</sheets></workbook>`;

const contentTypes = (count: number): string =>
  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT}.styles+xml"/>${Array.from(
    { length: count },
    (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${CONTENT}.worksheet+xml"/>`,
  ).join('')}</Types>`;
