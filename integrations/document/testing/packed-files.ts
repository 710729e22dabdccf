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

/** A page in an encoding of East Asia that the PDF names and does not hold, as most programs there write it. */
const inEncoding = (encoding: string, ordering: string, codes: string): Buffer =>
  onePage('/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>', [
    stream(`BT /F 12 Tf 20 100 Td <${codes}> Tj ET`),
    `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /${encoding} /DescendantFonts [6 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /FontDescriptor 7 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> >>`,
    '<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
  ]);

/** PDF. */
export const pdfFiles = (): Files => ({
  'two pages': [pdfOf([line('First'), line('Second')]), 'pdf: First Second'],
  'letters of Western Europe': [pdfOf([line('Gr\xfc\xdfe, caf\xe9')]), 'pdf: Grüße, café'],
  'bytes before its header': [Buffer.concat([Buffer.from('junk\n'), pdfOf([line('Later')])]), 'pdf: Later'],
  'Japanese in Shift JIS': [inEncoding('90ms-RKSJ-H', 'Japan1', '93fa967b8cea'), 'pdf: 日本語'],
  'Japanese in Unicode': [inEncoding('UniJIS-UTF16-H', 'Japan1', '65e5672c'), 'pdf: 日本'],
  Chinese: [inEncoding('UniGB-UCS2-H', 'GB1', '4e2d6587'), 'pdf: 中文'],
  'Chinese in Big5': [inEncoding('ETen-B5-H', 'CNS1', 'a4a4a4e5'), 'pdf: 中文'],
  Korean: [inEncoding('KSCms-UHC-H', 'Korea1', 'c7d1b1db'), 'pdf: 한글'],
  'a form that is filled in, and a note on the page': [
    onePage('/Annots [4 0 R 5 0 R 6 0 R 7 0 R]', [
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [10 10 90 30] >>',
      '<< /Type /Annot /Subtype /Widget /FT /Btn /T (agree) /V /Yes /AS /Yes /Rect [10 40 20 50] >>',
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (empty) /Rect [10 60 90 80] >>',
      '<< /Type /Annot /Subtype /FreeText /Contents (A note) /DA (/Helv 12 Tf) /Rect [10 90 90 110] >>',
    ]),
    'pdf: A note name: Ada agree: Yes',
  ],
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
  'changes that are tracked': [
    wordDocument(
      '<w:p><w:r><w:t>kept </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>from</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> moved</w:t></w:r></w:moveTo></w:p>',
    ),
    'docx: kept new moved',
  ],
  'a field, Hebrew of a direction of its own, and small letters above others': [
    wordDocument(
      '<w:p><w:r><w:t>on </w:t></w:r><w:fldSimple w:instr="IF a > b"><w:r><w:t>31 May </w:t></w:r></w:fldSimple><w:bdo w:val="rtl"><w:r><w:t>שלום</w:t></w:r></w:bdo><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>かん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>',
    ),
    'docx: on 31 May שלום漢',
  ],
  'a header, a footer and a formula': [
    wordDocument(
      '<w:p><w:r><w:t>E = </w:t></w:r><m:oMath><m:r><m:rPr/><m:t>mc²</m:t></m:r></m:oMath></w:p>',
      undefined,
      {
        header: `${paragraph('Ink &amp; Co')}${paragraph('Ink &amp; Co')}`,
        footer: paragraph('Page'),
      },
    ),
    'docx: Ink & Co E = mc² Page',
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
  'notes of the speaker': [presentation([['Plan'], ['End']], { 0: 'Say hello' }), 'pptx: Plan Notes: Say hello End'],
  'no slides': [presentation([]), 'pptx:'],
});

/** Excel. */
export const workbookFiles = (): Files => ({
  'texts and numbers': [workbook({ sheets: { A: sheetData([['tea', 2.5]]) } }), 'xlsx: A tea 2.5'],
  dates: [
    workbook({ formats: ['yyyy-mm-dd'], sheets: { A: '<sheetData><row><c s="1"><v>46173</v></c></row></sheetData>' } }),
    'xlsx: A 2026-05-31',
  ],
  'dates that count from 1904': [
    workbook({
      date1904: true,
      formats: ['d/m/yy'],
      sheets: { A: '<sheetData><row><c s="1"><v>44711</v></c></row></sheetData>' },
    }),
    'xlsx: A 2026-05-31',
  ],
  'a hidden sheet': [workbook({ sheets: { '.H': sheetData([['no']]), B: sheetData([['yes']]) } }), 'xlsx: B yes'],
  'a shared text that is not there': [
    workbook({ sheets: { A: '<sheetData><row><c t="s"><v>9</v></c><c><v>1</v></c></row></sheetData>' } }),
    'xlsx: A 1',
  ],
  'a row of no number': [
    workbook({ sheets: { A: '<sheetData><row r="x"><c><v>1</v></c></row></sheetData>' } }),
    'document.broken',
  ],
  'more rows than are usual': [
    workbook({
      sheets: { A: `<sheetData>${'<row><c><v>1</v></c></row>'.repeat(100_001)}<row><c><v>9</v></c></row></sheetData>` },
    }),
    '1 1 9',
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
