import { getDocumentProxy } from 'unpdf';
import { DocumentError } from '../../parsing/program.ts';

/** An opened PDF. */
export type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** A piece of text on a page, and where it stands: `y` grows upwards. */
export interface Piece {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly endsLine: boolean;
}

/** A file that the parser was given, by its name. */
export type Asset = (name: string) => Buffer;

/**
 * @param asset gives the files of `characterMaps`
 * @throws DocumentError `document.encrypted`, `document.broken`
 */
export async function openPdf(bytes: Buffer, asset: Asset): Promise<Pdf> {
  /** Where pdf.js gets what no PDF holds. */
  class BinaryDataFactory {
    fetch = async ({ filename }: { filename: string }): Promise<Uint8Array> => new Uint8Array(asset(filename));
  }
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      maxImageSize: 50_000_000,
      verbosity: 0,
      useWorkerFetch: false,
      BinaryDataFactory,
    });
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'PasswordException')
      throw new DocumentError('document.encrypted', 'The PDF needs a password. Save it without one.');
    throw new DocumentError('document.broken', `the PDF is damaged: ${message}`);
  }
}

/** The pieces of text of a page, in their order. @param number counted from 1 */
export async function piecesOf(pdf: Pdf, number: number): Promise<Piece[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return items.flatMap((item) => {
    if (!('str' in item)) return [];
    const { str, transform, width, height, hasEOL } = item;
    return [{ text: str, x: transform[4], y: transform[5], width, height, endsLine: hasEOL }];
  });
}

/** The text of each page, and what is filled in on it. */
export async function pagesOfPdf(pdf: Pdf, mostPages: number): Promise<string[]> {
  const pages: string[] = [];
  for (let number = 1; number <= Math.min(pdf.numPages, mostPages); number += 1) {
    const pieces = await piecesOf(pdf, number);
    const text = pieces.map(({ text, endsLine }) => text + (endsLine ? '\n' : '')).join('');
    const filledIn = await filledInOn(pdf, number);
    pages.push([text.trim(), filledIn.join('\n')].filter((part) => part !== '').join('\n\n'));
  }
  return pages;
}

/** What pdf.js says of a field, or of a note that stands on the page. */
interface Annotation {
  readonly subtype?: string;
  readonly fieldType?: string;
  readonly fieldName?: string;
  readonly fieldValue?: unknown;
  readonly pushButton?: boolean;
  readonly password?: boolean;
  readonly hidden?: boolean;
  readonly contentsObj?: { readonly str?: string };
}

/** The values of a form, by the names of its fields, and notes that are written onto the page: both are no text of the page. */
async function filledInOn(pdf: Pdf, number: number): Promise<string[]> {
  const page = await pdf.getPage(number);
  const annotations = (await page.getAnnotations()) as readonly Annotation[];
  const lines = annotations.flatMap((one) => {
    if (one.hidden) return [];
    if (one.subtype === 'FreeText') return [one.contentsObj?.str?.trim() ?? ''];
    if (one.subtype !== 'Widget' || one.pushButton || one.password) return [];
    const value = [one.fieldValue ?? []].flat().join(', ').trim();
    const isOff = one.fieldType === 'Btn' && value === 'Off';
    return value === '' || isOff ? [] : [`${one.fieldName ?? 'field'}: ${value}`];
  });
  // Buttons of which one is chosen all say which.
  return [...new Set(lines)].filter((line) => line !== '');
}

/** The title that a PDF has, or null. */
export async function titleOfPdf(pdf: Pdf): Promise<string | null> {
  const { info } = (await pdf.getMetadata()) as { info?: { Title?: unknown } };
  return typeof info?.Title === 'string' && info.Title.trim() !== '' ? info.Title.trim() : null;
}
