import type { BlobStore } from '../context.ts';

/** What is uploaded: bytes that Blok keeps. */
export interface Upload {
  readonly sha256: string;
  readonly size: number;
}

/** Bytes of an upload that are sent together. */
export interface Piece {
  /** The position of the first one. */
  readonly from: number;
  readonly bytes: Uint8Array;
}

/**
 * The bytes of an upload from a position on, in pieces of one size; the last one may be smaller. One piece is in memory at
 * a time. Of an empty upload, there is one empty piece.
 */
export async function* piecesOf(
  blobs: BlobStore,
  { sha256, size }: Upload,
  { from, bytes: pieceBytes }: { from: number; bytes: number },
): AsyncGenerator<Piece> {
  if (size === 0) return yield { from: 0, bytes: new Uint8Array() };
  let at = from;
  let held: Uint8Array[] = [];
  let count = 0;
  const take = (): Piece => {
    const piece = { from: at, bytes: Buffer.concat(held) };
    at += count;
    held = [];
    count = 0;
    return piece;
  };
  for await (const chunk of (await blobs.open(sha256, from)).bytes) {
    for (let rest = chunk; rest.byteLength > 0; ) {
      const part = rest.subarray(0, pieceBytes - count);
      held.push(part);
      count += part.byteLength;
      rest = rest.subarray(part.byteLength);
      if (count === pieceBytes) yield take();
    }
  }
  if (count > 0) yield take();
}
