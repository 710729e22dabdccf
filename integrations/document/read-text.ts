import { MAX_SHEET_ROWS } from '../excel/sheet.ts';
import { decodeHtml, htmlToMarkdown, htmlToText } from '../html/page.ts';
import { decode } from '../parsing/decode.ts';
import { DocumentError } from '../parsing/program.ts';
import { openArchive } from '../zip/entries.ts';
import { type DocumentKind, type Recognised, recognise } from './kinds/kind.ts';
import { mailToText } from './kinds/mail.ts';
import { slidesOf, titleOf, wordToHtml } from './kinds/office.ts';
import { type Asset, openPdf, type Pdf, pagesOfPdf, titleOfPdf } from './kinds/pdf.ts';
import { rtfToText } from './kinds/rtf.ts';
import { linesOf, sheetsOf } from './kinds/sheets.ts';

/** Parameters of `text`. */
export interface ReadText {
  readonly as: 'text' | 'markdown';
  readonly encoding?: string | undefined;
  readonly mostPages: number;
}

/** A document as text. Kinds without pages have one. */
export interface DocumentText {
  readonly kind: DocumentKind;
  readonly title: string | null;
  readonly pages: readonly string[];
  /** How many pages the document has. */
  readonly pageCount: number;
}

/** The text of a document of any kind that holds text. */
export async function readText(bytes: Buffer, options: ReadText, asset: Asset): Promise<DocumentText> {
  const found = await recognise(bytes, options.encoding);
  if (found.kind === 'image')
    throw new DocumentError('document.kind', `This is an image (${found.format}). document.ocr reads the text in it.`);
  if (found.kind === 'pdf') return pdfText(await openPdf(bytes, asset), options.mostPages);
  if (found.kind === 'pptx') return paged('pptx', await titleOf(found.archive), await slidesOf(found.archive), options);
  if (found.kind === 'xlsx') {
    const sheets = await sheetsOf(bytes, MAX_SHEET_ROWS);
    return paged(
      'xlsx',
      await titleOf(await openArchive(bytes)),
      sheets.map(({ name, rows }) => `${name}\n${linesOf(rows)}`.trim()),
      options,
    );
  }
  return single(found.kind, await wholeText(found, bytes, options));
}

async function pdfText(pdf: Pdf, mostPages: number): Promise<DocumentText> {
  const pages = await pagesOfPdf(pdf, mostPages);
  if (pages.every((page) => page === '')) {
    throw new DocumentError(
      'document.scanned',
      'The pages of the PDF hold no text: they are scanned images, or empty. document.ocr reads images.',
    );
  }
  return { kind: 'pdf', title: await titleOfPdf(pdf), pages, pageCount: pdf.numPages };
}

const paged = (kind: DocumentKind, title: string | null, pages: string[], { mostPages }: ReadText): DocumentText => ({
  kind,
  title,
  pages: pages.slice(0, mostPages),
  pageCount: pages.length,
});

const single = (kind: DocumentKind, { title, text }: { title: string | null; text: string }): DocumentText => ({
  kind,
  title,
  pages: [text],
  pageCount: 1,
});

async function wholeText(found: Recognised, bytes: Buffer, { as, encoding }: ReadText) {
  const ofHtml = as === 'markdown' ? htmlToMarkdown : htmlToText;
  switch (found.kind) {
    case 'docx':
      return { title: await titleOf(found.archive), text: ofHtml(await wordToHtml(found.archive)) };
    case 'html': {
      const { text } = decodeHtml(bytes, encoding);
      return { title: titleOfHtml(text), text: ofHtml(text) };
    }
    case 'eml':
      return mailToText(bytes, encoding);
    case 'rtf':
      return { title: null, text: rtfToText(bytes) };
    default:
      return { title: null, text: decode(bytes, encoding).text };
  }
}

const titleOfHtml = (html: string): string | null => {
  const title = /<title[^>]*>([^<]*)</i.exec(html)?.[1];
  return title === undefined ? null : htmlToText(title) || null;
};
