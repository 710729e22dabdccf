import { randomUUID } from 'node:crypto';

/** A piece of a body: bytes, or bytes that are read when they are sent. */
export type Piece = Uint8Array | { readonly size: number; open(): AsyncIterable<Uint8Array> };

/** A part of a form. */
export interface FormPart {
  readonly name: string;
  readonly content: Piece;
  /** Makes the part a file of this name. */
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
}

/** A form as `multipart/form-data` (RFC 7578), encoded as the HTML standard says, in pieces. */
export function formPieces(parts: readonly FormPart[]): { pieces: Piece[]; contentType: string } {
  const boundary = `----blok${randomUUID().replaceAll('-', '')}`;
  const pieces = parts.flatMap(({ name, content, filename, contentType }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"` +
        (filename === undefined ? '' : `; filename="${escaped(filename)}"`) +
        (contentType === undefined ? '' : `\r\nContent-Type: ${contentType.replace(/[^\x20-\x7e]/g, '')}`) +
        '\r\n\r\n',
      'utf8',
    ),
    content,
    Buffer.from('\r\n'),
  ]);
  return {
    pieces: [...pieces, Buffer.from(`--${boundary}--\r\n`)],
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const escaped = (text: string): string => text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
