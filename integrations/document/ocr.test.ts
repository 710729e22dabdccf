import { readFileSync } from 'node:fs';
import { PhotonImage } from '@silvia-odwyer/photon-node';
import { describe, expect, it } from 'vitest';
import { pngBomb, pngOf } from '../image/testing/png.ts';
import { assemble } from '../parsing/testing/pdf.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { ocr } from './ocr.ts';

const scan = (name: string): Buffer => readFileSync(new URL(`testing/scans/${name}`, import.meta.url));
const read = (bytes: Buffer, parameters: object = {}) =>
  runNode(ocr, fakeContext(), { base64: bytes.toString('base64'), ...parameters });

/** A PDF whose pages are images; null: an empty page. The pixels of a PNG are stored in a PDF as they are. */
function scanned(...pages: (Buffer | null)[]): Buffer {
  const objects = pages.flatMap((png, at) => {
    const image = 4 + 3 * at;
    const [width, height] = png === null ? [1, 1] : [png.readUInt32BE(16), png.readUInt32BE(20)];
    const pixels = png === null ? '' : pixelsOf(png);
    const content = png === null ? '' : `q ${width} 0 0 ${height} 0 0 cm /I Do Q`;
    const how = `/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns ${width} >>`;
    const drawn = png === null ? '' : `/Resources << /XObject << /I ${image} 0 R >> >>`;
    return [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${image + 1} 0 R ${drawn} >>`,
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${how} /Length ${pixels.length} >>\nstream\n${pixels}\nendstream`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ];
  });
  const kids = pages.map((_, at) => `${3 + 3 * at} 0 R`).join(' ');
  const tree = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`];
  return assemble([...tree, ...objects], '/Root 1 0 R');
}

/** The packed pixels of a PNG. */
function pixelsOf(png: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return Buffer.concat(parts).toString('latin1');
}

/** An image of black and white. */
interface Bits {
  readonly width: number;
  readonly height: number;
  isWhite(x: number, y: number): boolean;
}

/** A grey PNG as black and white. */
function bitsOf(png: Buffer): Bits {
  const image = PhotonImage.new_from_byteslice(png);
  const [width, height, data] = [image.get_width(), image.get_height(), image.get_raw_pixels()];
  return { width, height, isWhite: (x, y) => data[(y * width + x) * 4]! > 127 };
}

/** A PDF with a page that is one image of a bit for each pixel. */
function oneBit({ width, height, isWhite }: Bits, how: string, page = ''): Buffer {
  const row = Math.ceil(width / 8);
  const bits = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) if (isWhite(x, y)) bits[y * row + (x >> 3)]! |= 0x80 >> (x & 7);
  const content = `q ${width} 0 0 ${height} 0 0 cm /I Do Q`;
  const image = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 1 ${how} /Length ${bits.length}`;
  return assemble(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] ${page} /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      `<< ${image} >>\nstream\n${bits.toString('latin1')}\nendstream`,
    ],
    '/Root 1 0 R',
  );
}

const linesOf = async (pdf: Buffer): Promise<string[]> => (await read(pdf)).text.split('\n');

describe('document.ocr', { timeout: 300_000 }, () => {
  it('reads the text in an image', async () => {
    const found = await read(scan('letter.png'));
    expect(found.text).toBe('Invoice 2026-118\nInk Ltd, two boxes of paper\nTotal 48.00 EUR');
    expect(found).toMatchObject({ pageCount: 1, more: false, pages: [{ text: found.text }] });
    expect(found.confidence).toBeGreaterThan(80);
  });

  it('reads the languages that are named', async () => {
    const { text } = await read(scan('greetings.png'), { languages: ['deu', 'eng'] });
    expect(text).toBe('Grüße aus München\nSchöne Straßen und Häuser');
  });

  it('reads a photo as the camera was held', async () => {
    expect((await read(scan('turned.jpg'))).text).toContain('two boxes of paper');
  });

  it('reads the images in the pages of a PDF, and says which pages hold none', async () => {
    const pdf = scanned(scan('letter.png'), null, scan('greetings.png'));
    const found = await read(pdf, { languages: ['deu', 'eng'] });
    expect(found.pages.map(({ text }) => text.split('\n')[0])).toEqual(['Invoice 2026-118', '', 'Grüße aus München']);
    expect(found.text).toBe(`${found.pages[0]!.text}\n\n${found.pages[2]!.text}`);
    expect(found.pages[1]!.confidence).toBe(0);
    expect(await read(pdf, { limit: 1 })).toMatchObject({ pageCount: 3, more: true, pages: [{}] });
  });

  it('reads pages that are black and white, as scanners write them, and those that lie on their side', async () => {
    const bits = bitsOf(scan('letter.png'));
    for (const how of ['/ColorSpace /DeviceGray', '/ImageMask true'])
      expect(await linesOf(oneBit(bits, how))).toHaveLength(3);
    const turned = {
      width: bits.height,
      height: bits.width,
      isWhite: (x: number, y: number) => bits.isWhite(y, bits.height - 1 - x),
    };
    expect(await linesOf(oneBit(turned, '/ColorSpace /DeviceGray', '/Rotate 270'))).toHaveLength(3);
  });

  it('says that it cannot decode an image, instead of finding nothing in it', async () => {
    const error = await failure(read(oneBit(bitsOf(scan('letter.png')), '/ColorSpace /DeviceGray /Filter /JPXDecode')));
    expect(error).toMatchObject({ code: 'document.kind', retryable: false });
    expect(error.message).toContain('Page 1 holds an image that cannot be decoded');
  });

  it('finds nothing where nothing is written', async () => {
    expect(await read(pngOf(60, 40))).toMatchObject({ text: '', confidence: 0 });
  });

  it('says what it does not read, and what to use instead', async () => {
    expect(await failure(read(Buffer.from('GIF89a and more')))).toMatchObject({ code: 'document.kind' });
    expect((await failure(read(Buffer.from('a text')))).message).toContain('Use document.text');
    expect((await failure(read(scan('letter.png').subarray(0, 300)))).code).toBe('document.broken');
  });

  it('refuses an image that would fill the memory, before it is decoded', async () => {
    const error = await failure(read(pngBomb()));
    expect(error).toMatchObject({ code: 'document.tooLarge', retryable: false });
    expect(error.message).toContain('50000 × 50000 pixels');
  });
});
