import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';

type Decoder = (bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Promise<Buffer>;

/** Compressions the node asks for. It decompresses some others as well, because servers send them unasked. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** Most compressions of a body, one on top of another: more than these are an attack or a mistake. */
export const MAX_COMPRESSIONS = 2;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip) as Decoder,
  'x-gzip': promisify(gunzip) as Decoder,
  deflate: async (bytes, options) => {
    try {
      return await promisify(inflate)(bytes, options);
    } catch (error) {
      // "deflate" means the zlib format (RFC 9110, 8.4.1.2), but many servers send the raw stream without that wrapper.
      if ((error as { code?: string }).code !== 'Z_DATA_ERROR') throw error;
      return promisify(inflateRaw)(bytes, options);
    }
  },
  br: promisify(brotliDecompress) as Decoder,
  zstd: promisify(zstdDecompress) as Decoder,
};

/** Why a body could not be decompressed. */
export type Failure = 'too large' | 'cut off' | 'not compressed as it says';

/** The compressions of a body, in the order they were applied (`Content-Encoding`). Unknown ones are ignored. */
export function compressionsOf(contentEncoding: string | undefined): string[] {
  const names = (contentEncoding ?? '').toLowerCase().split(',');
  return names.map((name) => name.trim()).filter((name) => Object.hasOwn(DECODERS, name));
}

/** Decompresses a body. No step may yield more than `maxBytes`, so that a small body cannot fill the memory. */
export async function decompress(
  bytes: Buffer,
  compressions: readonly string[],
  maxBytes: number,
): Promise<Buffer | Failure> {
  let plain = bytes;
  for (const name of compressions.toReversed()) {
    // An empty body is an empty body, whatever its headers say.
    if (plain.length === 0) return plain;
    try {
      plain = await DECODERS[name]!(plain, { maxOutputLength: Math.max(1, maxBytes), chunkSize: chunkOf(plain) });
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'ERR_BUFFER_TOO_LARGE') return 'too large';
      return code === 'Z_BUF_ERROR' ? 'cut off' : 'not compressed as it says';
    }
  }
  return plain;
}

/** How much is decompressed at once, in bytes: a body that may become large takes few turns of the event loop. */
const chunkOf = ({ length }: Buffer): number => Math.min(256 * 1_024, Math.max(16 * 1_024, 8 * length));

/** Decompresses as bytes arrive. @param start the first bytes, which tell whether `deflate` is the raw stream */
export function decompressor(name: string, start: Uint8Array = new Uint8Array()): Transform {
  if (name === 'br') return createBrotliDecompress();
  if (name === 'zstd') return createZstdDecompress();
  if (name !== 'deflate') return createGunzip();
  const [method = 0x78, flags = 0x9c] = start;
  // The zlib format begins with its method and a check (RFC 1950, 2.2).
  const isWrapped = (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
  return isWrapped ? createInflate() : createInflateRaw();
}
