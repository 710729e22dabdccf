/** Most pixels of an image that is decoded: each takes four bytes, several times over. */
export const MAX_PIXELS = 40_000_000;

/** Whether bytes begin, or go on at a place, with those that are given in hexadecimal. */
export const startsWith = (bytes: Buffer, hex: string, at = 0): boolean =>
  bytes.subarray(at, at + hex.length / 2).toString('hex') === hex;

/** The format of an image, or null. */
export function imageFormat(bytes: Buffer): string | null {
  if (startsWith(bytes, '89504e470d0a1a0a')) return 'png';
  if (startsWith(bytes, 'ffd8ff')) return 'jpeg';
  if (/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))) return 'gif';
  if (startsWith(bytes, '49492a00') || startsWith(bytes, '4d4d002a')) return 'tiff';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  if (bytes.toString('latin1', 4, 8) === 'ftyp' && /^(heic|heix|mif1|avif)/.test(bytes.toString('latin1', 8, 12)))
    return bytes.toString('latin1', 8, 12) === 'avif' ? 'avif' : 'heic';
  if (bytes.toString('latin1', 0, 2) === 'BM' && bytes.length > 26 && bytes.readUInt32LE(10) < bytes.length)
    return 'bmp';
  return null;
}
