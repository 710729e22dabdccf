import { zipSync } from 'fflate';
import { read as csvRead } from '../../csv/read.ts';
import { write as csvWrite } from '../../csv/write.ts';
import { fromTemplate } from '../../document/from-template.ts';
import { ocr } from '../../document/ocr.ts';
import { tables } from '../../document/tables.ts';
import { text } from '../../document/text.ts';
import { read as excelRead } from '../../excel/read.ts';
import { write as excelWrite } from '../../excel/write.ts';
import { extract as htmlExtract } from '../../html/extract.ts';
import { info } from '../../image/info.ts';
import { resize } from '../../image/resize.ts';
import { pngOf } from '../../image/testing/png.ts';
import { create as pdfCreate } from '../../pdf/create.ts';
import type { NodeCase } from '../../testing/node-case.ts';
import { read as xmlRead } from '../../xml/read.ts';
import { write as xmlWrite } from '../../xml/write.ts';
import { create as zipCreate } from '../../zip/create.ts';
import { extract as zipExtract } from '../../zip/extract.ts';
import { list as zipList } from '../../zip/list.ts';
import { archive, paragraph, sheetData, wordDocument, workbook } from './office.ts';
import { pdfOf } from './pdf.ts';

/** A way to make a node for documents fail: changes of the parameters; undefined takes one away. */
export type DocumentWay = object | 'kill the parser';

const base64 = (bytes: Uint8Array | string, encoding?: BufferEncoding): string =>
  (typeof bytes === 'string' ? Buffer.from(bytes, encoding) : Buffer.from(bytes)).toString('base64');

/** Takes every way to name a document away. */
const NONE = { path: undefined, text: undefined, base64: undefined, blob: undefined } as const;
const document = (bytes: Uint8Array | string, encoding?: BufferEncoding): object => ({
  ...NONE,
  base64: base64(bytes, encoding),
});

const RAR = document('526172211a0700', 'hex');
const LOCKED = document(
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
);
/** Letters in an encoding of old, which is named nowhere. */
const OLD_LETTERS = document('Gr\xfc\xdfe;1\nx;2\n', 'latin1');
const BROKEN_ARCHIVE = document(Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(60)]));
const PDF = pdfOf([[{ text: 'Hello', x: 50, y: 700 }]]);

/** What `parse` does for all parsers alike. */
const FOR_ALL = {
  'document.timeout': 'proven by `integrations/parsing/parse.test.ts`',
  'code.sandbox': 'proven by `integrations/code/sandbox.e2e.test.ts`',
} as const;
/** Of a node that only writes. */
const WRITES = { ...FOR_ALL, 'document.tooLarge': 'proven by `integrations/parsing/parse.test.ts`' } as const;
const ELSEWHERE: DocumentWay = { saveAs: '../out' };

/** Ways that work for every node that reads a document. */
export const DOCUMENT_WAYS: Readonly<Record<string, DocumentWay>> = {
  'file.notFound': { ...NONE, path: 'nowhere.bin' },
  'file.path': { ...NONE, path: '../secret' },
  'document.tooLarge': { ...NONE, blob: { sha256: '0'.repeat(64), size: 65 * 1_048_576 } },
  'document.crashed': 'kill the parser',
  'document.encrypted': LOCKED,
  'document.encoding': OLD_LETTERS,
  'document.kind': RAR,
};

/** An archive whose only name is another one than it was packed with. */
function renamed(name: string): Buffer {
  const plain = 'a'.repeat(name.length);
  const bytes = archive({ [plain]: 'x' });
  return Buffer.from(bytes.toString('latin1').replaceAll(plain, name), 'latin1');
}

/** Every node for documents. */
export const DOCUMENT_CASES: readonly NodeCase<DocumentWay>[] = [
  {
    node: csvRead,
    with: { text: 'a,b\n1,2\n' },
    output: { rows: [{ a: '1', b: '2' }] },
    leftOut: FOR_ALL,
    fails: { 'document.broken': { text: 'a,b\n1,2,3\n' } },
  },
  {
    node: csvWrite,
    with: { rows: [{ a: 1 }], saveAs: 'out.csv' },
    output: { path: 'out.csv' },
    leftOut: WRITES,
    fails: { 'file.path': ELSEWHERE },
  },
  {
    node: excelRead,
    with: { base64: base64(workbook({ sheets: { A: sheetData([['n'], [7]]) } })) },
    output: { rows: [{ n: 7 }] },
    leftOut: FOR_ALL,
    fails: {
      'document.broken': BROKEN_ARCHIVE,
      'document.kind': document(PDF),
      'document.notFound': { sheet: 'Z' },
    },
  },
  {
    node: excelWrite,
    with: { sheets: [{ name: 'A', rows: [{ n: 7 }] }], saveAs: 'out.xlsx' },
    output: { path: 'out.xlsx' },
    leftOut: WRITES,
    fails: {
      'file.path': ELSEWHERE,
      'document.value': { sheets: [{ name: 'A', rows: [{ a: 'x' }], columns: [{ key: 'a', type: 'number' }] }] },
    },
  },
  {
    node: htmlExtract,
    with: { text: '<ul><li>Tea</li></ul>', each: 'ul', fields: { name: { selector: 'li' } } },
    output: { items: [{ name: 'Tea' }] },
    leftOut: { ...FOR_ALL, 'document.broken': 'its parser takes any text for a page' },
    fails: {
      'document.value': { each: 'li[' },
      'document.encoding': { ...OLD_LETTERS, encoding: 'utf-8' },
    },
  },
  {
    node: info,
    with: { base64: base64(pngOf(4, 3)) },
    output: { format: 'png', width: 4, height: 3 },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document('GIF89a', 'latin1') },
  },
  {
    node: resize,
    with: { base64: base64(pngOf(40, 30)), width: 4, saveAs: 'small.png' },
    output: { path: 'small.png', width: 4, height: 3 },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document(pngOf(40, 30).subarray(0, 60)) },
  },
  {
    node: pdfCreate,
    with: { markdown: '# Hello', saveAs: 'out.pdf' },
    output: { path: 'out.pdf', pages: 1 },
    leftOut: { ...WRITES, 'document.broken': 'its parser takes any text for Markdown' },
    fails: { 'file.path': ELSEWHERE },
  },
  {
    node: xmlRead,
    with: { text: '<a><b>1</b></a>' },
    output: { value: { b: '1' } },
    leftOut: FOR_ALL,
    fails: {
      'document.broken': { text: '<a>' },
      'document.encoding': document('<?xml version="1.0" encoding="utf-8"?><a>\xfc</a>', 'latin1'),
    },
  },
  {
    node: xmlWrite,
    with: { root: 'a', value: { b: 1 }, saveAs: 'out.xml' },
    output: { path: 'out.xml' },
    leftOut: WRITES,
    fails: { 'file.path': ELSEWHERE, 'document.value': { value: '\0' } },
  },
  {
    node: zipCreate,
    with: { files: [{ name: 'a.txt', text: 'x' }], saveAs: 'out.zip' },
    output: { path: 'out.zip' },
    leftOut: FOR_ALL,
    fails: {
      'file.path': ELSEWHERE,
      'file.notFound': { files: [{ name: 'a', path: 'nowhere.bin' }] },
      'document.tooLarge': { files: [{ name: 'a', blob: { sha256: '0'.repeat(64), size: 65 * 1_048_576 } }] },
      'document.value': {
        files: [
          { name: 'a', text: '' },
          { name: 'a', text: '' },
        ],
      },
    },
  },
  {
    node: zipExtract,
    with: { base64: base64(archive({ 'a.txt': 'x' })) },
    output: { files: [{ name: 'a.txt' }] },
    leftOut: FOR_ALL,
    fails: {
      'document.broken': document('no archive'),
      'document.encrypted': document(locked()),
      'document.notFound': { names: ['z'] },
      'document.path': document(renamed('../x.txt')),
    },
  },
  {
    node: zipList,
    with: { base64: base64(archive({ 'a.txt': 'x' })) },
    output: { files: [{ name: 'a.txt' }] },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document('no archive'), 'document.path': document(renamed('../x.txt')) },
  },
  {
    node: text,
    with: { base64: base64(PDF) },
    output: { kind: 'pdf', text: 'Hello' },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document('%PDF-1.7\n'), 'document.scanned': document(pdfOf([[], []])) },
  },
  {
    node: tables,
    with: { text: 'a,b\n1,2\n' },
    output: { tables: [{ rows: [{ a: '1', b: '2' }] }] },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document('%PDF-1.7\n') },
  },
  {
    node: ocr,
    with: { base64: base64(pngOf(40, 40)) },
    output: { text: '', confidence: 0, pageCount: 1 },
    leftOut: FOR_ALL,
    fails: { 'document.broken': document(pngOf(40, 40).subarray(0, 60)) },
  },
  {
    node: fromTemplate,
    with: {
      base64: base64(wordDocument(paragraph('Dear {{name}}'))),
      data: { name: 'Ann' },
      saveAs: 'letter.docx',
    },
    output: { path: 'letter.docx' },
    leftOut: FOR_ALL,
    fails: {
      'document.encoding': document('<p>Gr\xfc\xdfe {{n}}</p>', 'latin1'),
      'document.broken': BROKEN_ARCHIVE,
      'document.template': document(wordDocument(paragraph('{{#items}}'))),
    },
  },
];

/** An archive whose entry says that it needs a password. */
function locked(): Buffer {
  const bytes = Buffer.from(zipSync({ a: Buffer.from('x') }));
  for (const [mark, at] of [
    ['504b0304', 6],
    ['504b0102', 8],
  ] as const) {
    const flags = bytes.indexOf(Buffer.from(mark, 'hex')) + at;
    bytes.writeUInt16LE(bytes.readUInt16LE(flags) | 1, flags);
  }
  return bytes;
}
