import { Readable } from 'node:stream';
import type { Json } from '../../graph/json.ts';
import { bytesOf } from '../content.ts';
import type { BlobStore, NodeContext } from '../context.ts';
import { pairsOf } from './address.ts';
import type { HttpInput } from './input.ts';
import { formPieces, type Piece } from './multipart.ts';

/** A request body that can be sent again on a redirect, with the content type it needs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Instead of `bytes`, which are empty then: bytes that are read while they are sent, each time anew. */
  readonly stream?: { readonly size: number; open(): Readable };
}

/** Bytes of a reference up to this size are loaded. */
const SMALL_BYTES = 1024 * 1024;

/** The body the author chose, or null. */
export async function bodyOf(ctx: Pick<NodeContext, 'blobs'>, input: HttpInput): Promise<Body | null> {
  if (input.json !== undefined) return jsonBody(input.json);
  if (input.form) return utf8(new URLSearchParams(pairsOf(input.form)).toString(), 'application/x-www-form-urlencoded');
  if (input.text !== undefined) return utf8(input.text, 'text/plain; charset=utf-8');
  if (input.binary) return joined([await pieceOf(ctx, input.binary)], 'application/octet-stream');
  if (input.multipart) return encodeParts(ctx, input.multipart);
  return null;
}

/** A JSON body. */
export const jsonBody = (value: Json): Body => utf8(JSON.stringify(value), 'application/json');

async function encodeParts(ctx: Pick<NodeContext, 'blobs'>, parts: NonNullable<HttpInput['multipart']>): Promise<Body> {
  const encoded = await Promise.all(
    parts.map(async ({ name, filename, contentType, ...content }) => {
      const isField = content.text !== undefined && filename === undefined && contentType === undefined;
      const file = { filename: filename ?? name, contentType: contentType ?? 'application/octet-stream' };
      return { name, content: await pieceOf(ctx, content), ...(isField ? {} : file) };
    }),
  );
  const { pieces, contentType } = formPieces(encoded);
  return joined(pieces, contentType);
}

type Content = Parameters<typeof bytesOf>[1];

/** The bytes; those of a large reference are read when they are sent. */
async function pieceOf(ctx: Pick<NodeContext, 'blobs'>, content: Content): Promise<Piece> {
  const sha256 = content.blob?.sha256;
  const size = sha256 === undefined ? 0 : (await ctx.blobs.open(sha256)).size;
  if (sha256 === undefined || size <= SMALL_BYTES) return bytesOf(ctx, content);
  return { size, open: () => reading(ctx.blobs, sha256) };
}

async function* reading(blobs: BlobStore, sha256: string): AsyncGenerator<Uint8Array> {
  yield* (await blobs.open(sha256)).bytes;
}

function joined(pieces: readonly Piece[], contentType: string): Body {
  if (pieces.every((piece) => piece instanceof Uint8Array)) return { bytes: Buffer.concat(pieces), contentType };
  const size = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.byteLength : piece.size), 0);
  return { bytes: new Uint8Array(), contentType, stream: { size, open: () => Readable.from(inOrder(pieces)) } };
}

async function* inOrder(pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else yield* piece.open();
  }
}

const utf8 = (text: string, contentType: string): Body => ({ bytes: Buffer.from(text, 'utf8'), contentType });
