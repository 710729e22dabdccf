import { deflateSync } from 'node:zlib';
import {
  archive,
  paragraph,
  presentation,
  sheetData,
  wordDocument,
  wordTable,
  workbook,
} from '../../parsing/testing/office.ts';
import { assemble, pdfOf } from '../../parsing/testing/pdf.ts';
import type { Files } from './flat-files.ts';

const line = (text: string) => [{ text, x: 50, y: 700 }];

/** A PDF of one page. @param page what else the page has. @param more objects from number 4 on */
const onePage = (page: string, more: readonly string[], trailer = ''): Buffer =>
  assemble(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] ${page} >>`,
      ...more,
    ],
    `/Root 1 0 R ${trailer}`,
  );

const stream = (data: string, dictionary = ''): string =>
  `<< /Length ${data.length} ${dictionary} >>\nstream\n${data}\nendstream`;

/** Megabytes of spaces, packed to kilobytes. */
const packedSpaces = (megabytes: number): string => deflateSync(Buffer.alloc(megabytes << 20, ' ')).toString('latin1');

const LOCK = `/Encrypt 5 0 R /ID [<${'0'.repeat(32)}> <${'0'.repeat(32)}>]`;
const LOCKED = `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`;

/** PDF. */
export const pdfFiles = (): Files => ({
  'two pages': [pdfOf([line('First'), line('Second')]), 'pdf: First Second'],
  'letters of Western Europe': [pdfOf([line('Gr\xfc\xdfe, caf\xe9')]), 'pdf: Grüße, café'],
  'bytes before its header': [Buffer.concat([Buffer.from('junk\n'), pdfOf([line('Later')])]), 'pdf: Later'],
  scanned: [
    onePage('/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>', [
      stream('q 200 0 0 200 0 0 cm /I Do Q'),
      stream('\0', '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8'),
    ]),
    'document.scanned',
  ],
  'with a password': [onePage('/Contents 4 0 R', [stream('x'), LOCKED], LOCK), 'document.encrypted'],
  'cut in the middle': [pdfOf([line('Cut off')]).subarray(0, 500), 'document.broken'],
  'a header and nothing else': [Buffer.from('%PDF-1.7\n'), 'document.broken'],
  'a page that contains itself': [
    assemble(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Count 1 /Kids [2 0 R] >>'], '/Root 1 0 R'),
    'document.broken',
  ],
  'a bomb: half a gigabyte of spaces, packed twice': [
    onePage('/Contents 4 0 R', [
      stream(
        deflateSync(Buffer.from(packedSpaces(512), 'latin1')).toString('latin1'),
        '/Filter [/FlateDecode /FlateDecode]',
      ),
    ]),
    'document.tooLarge',
  ],
});

/** Word. */
export const wordFiles = (): Files => ({
  paragraphs: [wordDocument(paragraph('One') + paragraph('Two')), 'docx: One Two'],
  'many scripts': [wordDocument(paragraph('Ελληνικά עברית 中文 हिन्दी')), 'docx: Ελληνικά עברית 中文 हिन्दी'],
  'a table': [
    wordDocument(
      wordTable([
        ['a', 'b'],
        ['1', '2'],
      ]),
    ),
    'docx: a b 1 2',
  ],
  empty: [wordDocument(''), 'docx:'],
  'without its text': [
    archive({ '[Content_Types].xml': '<x ContentType="wordprocessingml.document.main+xml"/>' }),
    'document.broken',
  ],
  'XML that is not well-formed': [wordDocument('<w:p>'), 'document.broken'],
  'entities of its own': [
    archive({
      '[Content_Types].xml': '<x ContentType="wordprocessingml.document.main+xml"/>',
      '_rels/.rels': '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><Relationships/>',
      'word/document.xml': '<w:document/>',
    }),
    'document.broken',
  ],
  'a bomb: 150 MB of text': [wordDocument(paragraph('a'.repeat(150_000_000))), 'document.tooLarge'],
  'cut off': [wordDocument(paragraph('One')).subarray(0, 300), 'document.broken'],
});

/** PowerPoint. */
export const slideFiles = (): Files => ({
  'slides in another order than their files': [presentation([['First'], ['Second']]), 'pptx: First Second'],
  'no slides': [presentation([]), 'pptx:'],
});

/** Excel. */
export const workbookFiles = (): Files => ({
  'texts and numbers': [workbook({ sheets: { A: sheetData([['tea', 2.5]]) } }), 'xlsx: A tea 2.5'],
  dates: [
    workbook({ formats: ['yyyy-mm-dd'], sheets: { A: '<sheetData><row><c s="1"><v>46173</v></c></row></sheetData>' } }),
    'xlsx: A 2026-05-31',
  ],
  'a hidden sheet': [workbook({ sheets: { '.H': sheetData([['no']]), B: sheetData([['yes']]) } }), 'xlsx: B yes'],
  'a shared text that is not there': [
    workbook({ sheets: { A: '<sheetData><row><c t="s"><v>9</v></c><c><v>1</v></c></row></sheetData>' } }),
    'xlsx: A 1',
  ],
  'a cell far to the right': [
    workbook({ sheets: { A: '<sheetData><row><c r="ZZZZ1"><v>1</v></c></row></sheetData>' } }),
    'document.broken',
  ],
  'a sheet that never ends': [
    workbook({ sheets: { A: `<sheetData>${'<row><c><v>1</v></c></row>'.repeat(20_000)}</sheetData>` } }),
    'xlsx: A 1 1 1',
  ],
});

/** Archives of other kinds. */
export const archiveFiles = (): Files => ({
  'an archive': [archive({ 'a.txt': 'x' }), 'document.kind'],
  OpenDocument: [
    archive({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<x/>' }),
    'document.kind',
  ],
  'a book': [archive({ mimetype: 'application/epub+zip' }), 'document.kind'],
  'an empty archive': [archive({}), 'document.kind'],
  'a name that leads out': [archive({ '../../x': 'x' }), 'document.path'],
  'a signature and nothing else': [Buffer.from('PK\x03\x04'), 'document.broken'],
});
