import { imageSize } from 'image-size';
import { MAX_PIXELS } from '../parsing/image-format.ts';
import { DocumentError } from '../parsing/program.ts';
import { recognise } from './kinds/kind.ts';
import { type Asset, openPdf, type Pdf } from './kinds/pdf.ts';
import { imagesOf, type PageImage } from './kinds/pdf-images.ts';
import { openReader, type Reader, type ReadPage } from './reader.ts';

/** Parameters of `ocr`. */
export interface ReadImages {
  readonly languages: readonly string[];
  readonly mostPages: number;
}

/** Formats that the reader decodes. */
const FORMATS = ['png', 'jpeg', 'webp'];

/** Reads the text in an image, or in the images of a PDF. */
export async function readImages(
  bytes: Buffer,
  { languages, mostPages }: ReadImages,
  asset: Asset,
): Promise<{ pages: ReadPage[]; pageCount: number }> {
  const found = await recognise(bytes);
  if (found.kind === 'pdf') {
    const pdf = await openPdf(bytes, asset);
    const reader = await openReader(languages, asset);
    return { pages: await pagesOf(pdf, reader, mostPages), pageCount: pdf.numPages };
  }
  if (found.kind !== 'image')
    throw new DocumentError('document.kind', `This is no image and no PDF, but ${found.kind}. Use document.text.`);
  const { format } = found;
  if (!FORMATS.includes(format))
    throw new DocumentError(
      'document.kind',
      `Text is not read in images of the format ${format}. Use image.resize with "format: png".`,
    );
  const orientation = checked(bytes);
  const reader = await openReader(languages, asset);
  return { pages: [reader.read(bytes, orientation)], pageCount: 1 };
}

/** Refuses an image before it is decoded. @returns how a camera was held (EXIF), from 1 to 8 */
function checked(bytes: Buffer): number {
  const { width, height, orientation = 1 } = sizeOf(bytes);
  if (width * height <= MAX_PIXELS) return orientation;
  throw new DocumentError(
    'document.tooLarge',
    `The image has ${width} × ${height} pixels; at most ${MAX_PIXELS / 1_000_000} million are read.`,
  );
}

function sizeOf(bytes: Buffer) {
  try {
    // A copy, because the library reads on behind the end of a part of a buffer.
    return imageSize(new Uint8Array(bytes));
  } catch (error) {
    throw new DocumentError('document.broken', `the image is damaged: ${(error as Error).message}`);
  }
}

async function pagesOf(pdf: Pdf, reader: Reader, mostPages: number): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for (let number = 1; number <= Math.min(pdf.numPages, mostPages); number += 1) {
    const images = await imagesOf(pdf, number);
    pages.push(together(images.map((image) => reader.read(bitmapOf(image), image.orientation))));
  }
  return pages;
}

/** The images of a page as one: a longer text says more about how sure the reader is. */
function together(parts: readonly ReadPage[]): ReadPage {
  const read = parts.filter(({ text }) => text !== '');
  const letters = read.reduce((sum, { text }) => sum + text.length, 0);
  const sure = read.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0);
  return { text: read.map(({ text }) => text).join('\n'), confidence: letters === 0 ? 0 : Math.round(sure / letters) };
}

/** An image without compression (PNM), which the reader takes. */
const bitmapOf = ({ width, height, channels, pixels }: PageImage): Uint8Array =>
  Buffer.concat([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`, 'latin1'), pixels]);
