import { PhotonImage, SamplingFilter, resize as scale } from '@silvia-odwyer/photon-node';
import { imageSize } from 'image-size';
import { imageFormat, MAX_PIXELS } from '../parsing/image-format.ts';
import { DocumentError, type Done, type Task } from '../parsing/program.ts';
import { upright } from './upright.ts';

interface Known {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** How a camera was held (EXIF), from 1 to 8. */
  readonly orientation: number;
}

function known(bytes: Buffer): Known {
  const format = imageFormat(bytes);
  if (!format)
    throw new DocumentError('document.kind', 'This is not a PNG, JPEG, GIF, WebP, TIFF, BMP, AVIF or HEIC image.');
  try {
    // A copy, because the library reads on behind the end of a part of a buffer.
    const { width, height, orientation = 1 } = imageSize(new Uint8Array(bytes));
    return { format, width, height, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 };
  } catch (error) {
    throw new DocumentError('document.broken', `the image is damaged: ${(error as Error).message}`);
  }
}

/** Width and height as a viewer shows the image: a camera that was held upright notes it beside the pixels. */
const shown = ({ width, height, orientation }: Known) =>
  orientation >= 5 ? { width: height, height: width } : { width, height };

function info({ bytes }: Task): Done {
  const image = known(bytes);
  return { value: { format: image.format, ...shown(image), orientation: image.orientation, size: bytes.byteLength } };
}

/** Parameters of `resize`. */
export interface ResizeImage {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly fit: 'inside' | 'cover' | 'fill';
  readonly enlarge: boolean;
  readonly format?: 'png' | 'jpeg' | 'webp' | undefined;
  readonly quality: number;
}

function resize({ parameters, bytes }: Task<ResizeImage>): Done {
  const image = known(bytes);
  if (image.width * image.height > MAX_PIXELS) {
    throw new DocumentError(
      'document.tooLarge',
      `The image has ${image.width} × ${image.height} pixels; at most ${MAX_PIXELS / 1_000_000} million are read.`,
    );
  }
  const { width, height, crop } = sizeOf(shown(image), parameters);
  if (width * height > MAX_PIXELS)
    throw new DocumentError(
      'document.tooLarge',
      `The copy would have ${width} × ${height} pixels; at most ${MAX_PIXELS / 1_000_000} million are written.`,
    );
  const decoded = upright(decode(bytes, image.format), image.orientation);
  const scaled = scale(decoded, width, height, SamplingFilter.Lanczos3);
  const cut = crop ? cropped(scaled, crop) : scaled;
  const format =
    parameters.format ?? (['jpeg', 'webp'].includes(image.format) ? (image.format as 'jpeg' | 'webp') : 'png');
  return {
    value: { format, width: cut.get_width(), height: cut.get_height() },
    bytes: [encode(cut, format, parameters.quality)],
  };
}

function decode(bytes: Buffer, format: string): PhotonImage {
  if (format === 'heic' || format === 'avif')
    throw new DocumentError('document.kind', `Images of the format ${format} can be described, but not resized.`);
  try {
    return PhotonImage.new_from_byteslice(new Uint8Array(bytes));
  } catch (error) {
    // The decoder ends so where its bytes make no sense to it, and says no more.
    const why = (error as Error)?.name === 'RuntimeError' ? 'it is cut off, or cannot be decoded' : String(error);
    throw new DocumentError('document.broken', `the image is damaged: ${why}`);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size to scale to, and the part of it to keep. */
function sizeOf(from: Size, { width, height, fit, enlarge }: ResizeImage): Size & { crop?: Size } {
  const wanted = { width: width ?? Number.POSITIVE_INFINITY, height: height ?? Number.POSITIVE_INFINITY };
  if (fit === 'fill') return { width: width ?? from.width, height: height ?? from.height };
  const ratios = [wanted.width / from.width, wanted.height / from.height].filter(Number.isFinite);
  const covers = fit === 'cover' && ratios.length === 2;
  const exact = covers ? Math.max(...ratios) : Math.min(...ratios);
  const ratio = enlarge ? exact : Math.min(1, exact);
  const pixels = (length: number): number => Math.max(1, Math.round(length * ratio));
  const size = { width: pixels(from.width), height: pixels(from.height) };
  if (!covers) return size;
  return { ...size, crop: { width: Math.min(wanted.width, size.width), height: Math.min(wanted.height, size.height) } };
}

/** The middle of an image. */
function cropped(image: PhotonImage, { width, height }: Size): PhotonImage {
  const [left, top] = [(image.get_width() - width) >> 1, (image.get_height() - height) >> 1];
  const pixels = image.get_raw_pixels();
  const kept = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const from = ((top + row) * image.get_width() + left) * 4;
    kept.set(pixels.subarray(from, from + width * 4), row * width * 4);
  }
  return new PhotonImage(kept, width, height);
}

function encode(image: PhotonImage, format: 'png' | 'jpeg' | 'webp', quality: number): Uint8Array {
  if (format === 'jpeg') return image.get_bytes_jpeg(quality);
  return format === 'webp' ? image.get_bytes_webp() : image.get_bytes();
}

/** Tasks of `image.info` and `image.resize`. */
export const tasks = { info, resize };
