import { decodeText, encodingOfMark } from '../text-encoding.ts';
import { DocumentError } from './program.ts';
import { binaryKind } from './signature.ts';

/**
 * Bytes as text: in the encoding that is named, else the one that a byte order mark indicates, else UTF-8. Nothing is
 * guessed, because a wrong guess gives wrong letters and no error.
 *
 * @throws DocumentError `document.encoding`, or `document.kind` if the bytes are no text in any encoding
 */
export function decode(bytes: Buffer, named?: string | null): { text: string; encoding: string } {
  const other = binaryKind(bytes);
  if (other) throw new DocumentError('document.kind', `This is no text, but ${other}.`);
  const encoding = named ?? encodingOfMark(bytes) ?? 'utf-8';
  const text = decodeText(bytes, encoding);
  // Two bytes for a letter look so in an encoding that has one, and no text holds what they leave.
  const isWide = encoding === 'utf-8' && named !== 'utf-8' && text?.includes('\0');
  if (text !== null && !isWide) return { text, encoding };
  const shown = encoding === 'utf-8' ? 'UTF-8' : encoding;
  throw new DocumentError(
    'document.encoding',
    `The document is not ${shown} text. Name its encoding in "encoding", such as windows-1252, shift_jis or utf-16le.`,
  );
}
