import { strToU8, zipSync } from 'fflate';

/** An archive of texts and bytes by name: most documents of Office programs are one. */
export const archive = (files: Readonly<Record<string, string | Uint8Array>>): Buffer =>
  Buffer.from(
    zipSync(
      Object.fromEntries(
        Object.entries(files).map(([name, content]) => [
          name,
          typeof content === 'string' ? strToU8(content) : content,
        ]),
      ),
    ),
  );

const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const relations = (...targets: [id: string, type: string, target: string][]): string =>
  `<Relationships xmlns="${RELATIONS}">${targets
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

const contentTypes = (part: string, type: string): string =>
  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;

/** A workbook as other programs write it. */
export function workbook({
  sheets,
  texts = [],
  formats = [],
  date1904 = false,
}: {
  /** What stands within `worksheet`, by the name of the sheet. A name that begins with a dot is hidden. */
  sheets: Readonly<Record<string, string>>;
  /** Shared texts, as XML within `si`. */
  texts?: readonly string[];
  /** Formats of the styles 1, 2, … */
  formats?: readonly string[];
  date1904?: boolean;
}): Buffer {
  const names = Object.keys(sheets);
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  return archive({
    '[Content_Types].xml': contentTypes('xl/workbook.xml', 'spreadsheetml.sheet'),
    '_rels/.rels': relations(['rId1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${OFFICE}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${names
      .map(
        (name, at) =>
          `<sheet name="${name.replace(/^\./, '')}" sheetId="${at + 1}"${name.startsWith('.') ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      ...names.map((_, at): [string, string, string] => [`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`]),
      ['rIdT', 'sharedStrings', 'sharedStrings.xml'],
      ['rIdS', 'styles', '/xl/styles.xml'],
    ),
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${texts.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${formats
      .map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
      .join('')}</numFmts><cellXfs><xf numFmtId="0"/>${formats
      .map((_, at) => `<xf numFmtId="${164 + at}"/>`)
      .join('')}</cellXfs></styleSheet>`,
    ...Object.fromEntries(
      Object.values(sheets).map((xml, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet xmlns="${main}">${xml}</worksheet>`,
      ]),
    ),
  });
}

/** Rows of a sheet from values: texts inline, numbers, booleans. */
export const sheetData = (rows: readonly (readonly (string | number | boolean | null)[])[]): string =>
  `<sheetData>${rows.map((cells) => `<row>${cells.map(cell).join('')}</row>`).join('')}</sheetData>`;

function cell(value: string | number | boolean | null): string {
  if (value === null) return '<c/>';
  if (typeof value === 'string') return `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  return typeof value === 'boolean' ? `<c t="b"><v>${Number(value)}</v></c>` : `<c><v>${value}</v></c>`;
}

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A document of Word. @param body what stands within `w:body` @param edges what stands at the top and the bottom of pages */
export const wordDocument = (body: string, title?: string, edges?: { header: string; footer: string }): Buffer =>
  archive({
    ...(edges && {
      'word/_rels/document.xml.rels': relations(['rId1', 'header', 'header1.xml'], ['rId2', 'footer', 'footer1.xml']),
      'word/header1.xml': `<w:hdr ${WORD}>${edges.header}</w:hdr>`,
      'word/footer1.xml': `<w:ftr ${WORD}>${edges.footer}</w:ftr>`,
    }),
    '[Content_Types].xml': contentTypes('word/document.xml', 'wordprocessingml.document'),
    '_rels/.rels': relations(['rId1', 'officeDocument', 'word/document.xml']),
    'word/document.xml': `<w:document ${WORD} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:body>${body}</w:body></w:document>`,
    ...(title !== undefined && {
      'docProps/core.xml': `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title></cp:coreProperties>`,
    }),
  });

/** A paragraph of Word. */
export const paragraph = (text: string): string => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

/** A table of Word. */
export const wordTable = (rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((text) => `<w:tc>${paragraph(text)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;

/** A page of notes: what the speaker wrote, and the number of the slide, which is no note. */
const notesPage = (text: string): string =>
  `<p:notes xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">${[
    ['sldNum', '1'],
    ['body', text],
    ['dt', '31 May'],
  ]
    .map(
      ([type, said]) =>
        `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>${said}</a:t></a:r></a:p></p:txBody></p:sp>`,
    )
    .join('')}</p:notes>`;

/** A presentation: the texts of each slide. @param notes what the speaker wrote below slides, by their place */
export const presentation = (
  slides: readonly (readonly string[])[],
  notes: Readonly<Record<number, string>> = {},
): Buffer =>
  archive({
    '[Content_Types].xml': contentTypes('ppt/presentation.xml', 'presentationml.presentation'),
    '_rels/.rels': relations(['rId1', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${OFFICE}"><p:sldIdLst>${slides
      .map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${at + 1}"/>`)
      .join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      ...slides.map((_, at): [string, string, string] => [
        `rId${at + 1}`,
        'slide',
        `slides/slide${slides.length - at}.xml`,
      ]),
    ),
    ...Object.fromEntries(
      slides.map((texts, at) => [
        `ppt/slides/slide${slides.length - at}.xml`,
        `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">${texts
          .map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`)
          .join('')}</p:sld>`,
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(notes).flatMap(([at, text]) => [
        [
          `ppt/slides/_rels/slide${slides.length - Number(at)}.xml.rels`,
          relations(['rId1', 'notesSlide', `../notesSlides/notes${at}.xml`]),
        ],
        [`ppt/notesSlides/notes${at}.xml`, notesPage(text)],
      ]),
    ),
  });
