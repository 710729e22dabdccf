import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Ending of the files, as pdf.js asks for them. */
const ENDING = '.bcmap';

let found: readonly string[] | undefined;

/**
 * The files that say which character a code stands for in the encodings that a PDF in Chinese, Japanese or Korean may
 * name without holding them. Without them such a PDF would look as if it held no text. None for other documents.
 */
export function characterMaps(bytes: Uint8Array): readonly string[] {
  // Where `recognise` looks for it, too.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).includes('%PDF-')) return [];
  found ??= listed();
  return found;
}

function listed(): string[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve('pdf.js-extract')), 'cmaps');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => join(folder, name));
}
