import { getResolvedPDFJS } from 'unpdf';
import { DocumentError } from '../../parsing/program.ts';
import type { Pdf } from './pdf.ts';

/** An image on a page, decoded. */
export interface PageImage {
  readonly width: number;
  readonly height: number;
  /** A byte for each pixel (grey), or three (red, green, blue). */
  readonly channels: 1 | 3;
  readonly pixels: Buffer;
  /** How it must be turned to be seen as on the page: the number of EXIF, from 1 to 8. */
  readonly orientation: number;
}

/** How a place is moved to another: six numbers of an affine map, as in PDF. */
type Map6 = readonly [number, number, number, number, number, number];

/** What pdf.js says of an image. Some are kept beside the page, and named. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly data?: Uint8Array | string | null;
  readonly kind?: number;
}

/** What pdf.js calls the ways to hold pixels: eight in a byte, and with transparency. */
const ONE_BIT = 1;
const RGBA = 3;

/** Smaller images are lines, dots and icons. */
const SMALLEST = 16;

/**
 * The images of a page that may hold text, in the order in which they are drawn.
 *
 * @param number counted from 1
 * @throws DocumentError `document.kind` if one cannot be decoded: what it holds would be missing without a word
 */
export async function imagesOf(pdf: Pdf, number: number): Promise<PageImage[]> {
  const page = await pdf.getPage(number);
  const [{ OPS }, { fnArray, argsArray }] = await Promise.all([getResolvedPDFJS(), page.getOperatorList()]);
  const kept = (name: string): Promise<Drawn | null> =>
    new Promise((resolve) => (name.startsWith('g_') ? page.commonObjs : page.objs).get(name, resolve));
  const images: PageImage[] = [];
  const outer: Map6[] = [];
  let now = page.getViewport({ scale: 1 }).transform as unknown as Map6;
  for (const [at, operator] of fnArray.entries()) {
    const args = (argsArray[at] ?? []) as unknown[];
    if (operator === OPS.save) outer.push(now);
    else if (operator === OPS.paintFormXObjectBegin) {
      outer.push(now);
      if (args[0]) now = combined(now, args[0] as Map6);
    } else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) now = outer.pop() ?? now;
    else if (operator === OPS.transform) now = combined(now, args as unknown as Map6);
    else if (operator === OPS.paintImageXObject || operator === OPS.paintInlineImageXObject) {
      const [given, width, height] = args as [Drawn | string, number, number];
      const drawn = typeof given === 'string' ? ((await kept(given)) ?? { width, height }) : given;
      images.push(...decoded(drawn, drawn.kind, orientationOf(now), number));
    } else if (operator === OPS.paintImageMaskXObject) {
      // A stencil through which the page is coloured: scanners write pages that are black and white so.
      const mask = args[0] as Drawn;
      const data = typeof mask.data === 'string' ? ((await kept(mask.data))?.data ?? null) : (mask.data ?? null);
      images.push(...decoded({ ...mask, data }, ONE_BIT, orientationOf(now), number));
    }
  }
  page.cleanup();
  return images;
}

function decoded(image: Drawn, kind: number | undefined, orientation: number, page: number): PageImage[] {
  const { width, height, data } = image;
  if (Math.min(width, height) < SMALLEST) return [];
  const size = kind === ONE_BIT ? 1 / 8 : kind === RGBA ? 4 : 3;
  if (!data || typeof data === 'string' || data.length < width * height * size) throw undecoded(page);
  if (kind === ONE_BIT) return [{ width, height, channels: 1, pixels: spread(data, width, height), orientation }];
  const pixels = size === 3 ? Buffer.from(data) : withoutTransparency(data, width * height);
  return [{ width, height, channels: 3, pixels, orientation }];
}

const undecoded = (page: number): DocumentError =>
  new DocumentError(
    'document.kind',
    `Page ${page} holds an image that cannot be decoded: those of fax machines (CCITT), JBIG2 and JPEG 2000 are not read. Save the page as PNG or JPEG.`,
  );

function withoutTransparency(data: Uint8Array, count: number): Buffer {
  const pixels = Buffer.alloc(count * 3);
  for (let at = 0; at < count; at += 1) {
    for (let colour = 0; colour < 3; colour += 1) pixels[at * 3 + colour] = data[at * 4 + colour]!;
  }
  return pixels;
}

/** A byte for each bit. Rows begin at a byte, and 1 is white. */
function spread(bits: Uint8Array, width: number, height: number): Buffer {
  const row = Math.ceil(width / 8);
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      pixels[y * width + x] = ((bits[y * row + (x >> 3)] ?? 0xff) >> (7 - (x & 7))) & 1 ? 255 : 0;
  }
  return pixels;
}

const combined = ([a, b, c, d, e, f]: Map6, [g, h, i, j, k, l]: Map6): Map6 => [
  a * g + c * h,
  b * g + d * h,
  a * i + c * j,
  b * i + d * j,
  a * k + c * l + e,
  b * k + d * l + f,
];

/** An image stands in a square whose height grows upwards, and the map leads to a page whose height grows downwards. */
function orientationOf([a, b, c, d]: Map6): number {
  const lies = Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c);
  if (lies && a >= 0) return d <= 0 ? 1 : 4;
  if (lies) return d <= 0 ? 2 : 3;
  if (b >= 0) return c <= 0 ? 5 : 6;
  return c <= 0 ? 8 : 7;
}
