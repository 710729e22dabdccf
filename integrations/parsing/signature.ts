import { imageFormat, startsWith } from './image-format.ts';

/** How bytes that are no text begin, and what they are, in words for the author of a graph. */
const SIGNATURES: readonly (readonly [hex: string, what: string])[] = [
  ['504b0304', 'a ZIP archive, or a document of Office such as .xlsx or .docx'],
  ['255044462d', 'a PDF'],
  ['d0cf11e0a1b11ae1', 'a document of an older Office program, or one with a password'],
  ['1f8b08', 'a gzip archive. Unpack it first'],
  ['526172211a07', 'a RAR archive. Unpack it first'],
  ['377abcaf271c', 'a 7-Zip archive. Unpack it first'],
  ['7f454c46', 'a program'],
  ['53514c69746520666f726d6174', 'a database (SQLite)'],
];

/** The same, but a text may begin with these letters, too. */
const LETTERS: readonly (readonly [letters: string, what: string])[] = [
  ['MZ', 'a program of Windows'],
  ['ID3', 'a recording (MP3)'],
  ['OggS', 'a recording (Ogg)'],
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0006\u000e-\u001a]/;

/** What bytes are, if they are surely no text; null if they may be text. */
export function binaryKind(bytes: Buffer): string | null {
  const found = SIGNATURES.find(([hex]) => startsWith(bytes, hex))?.[1];
  if (found !== undefined) return found;
  const format = imageFormat(bytes);
  if (format !== null) return `an image (${format})`;
  const head = bytes.toString('latin1', 0, 1024);
  return CONTROL.test(head) ? (LETTERS.find(([letters]) => head.startsWith(letters))?.[1] ?? null) : null;
}
