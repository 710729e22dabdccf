/** Chunks are copied together in pieces of this size. */
const PIECE = 16 * 1024;

/** The chunks of a body as they come. */
export interface Chunks {
  add(chunk: Uint8Array): void;
  /** All bytes so far. */
  whole(): Buffer;
}

/**
 * Collects chunks so that they take as much memory as they have bytes: a chunk of one byte, kept as it came, takes a hundred
 * times as much. Most bodies are one chunk, which is not copied.
 */
export function createChunks(): Chunks {
  const parts: Uint8Array[] = [];
  /** What is left of the last part. */
  let room = 0;
  return {
    add: (chunk) => {
      if (parts.length === 0) return void parts.push(chunk);
      for (let from = 0; from < chunk.byteLength; ) {
        if (room === 0) parts.push(Buffer.allocUnsafeSlow(PIECE));
        if (room === 0) room = PIECE;
        const piece = chunk.subarray(from, from + room);
        parts.at(-1)!.set(piece, PIECE - room);
        room -= piece.byteLength;
        from += piece.byteLength;
      }
    },
    whole: () => {
      const last = parts.at(-1);
      if (last === undefined) return Buffer.alloc(0);
      if (parts.length === 1) return Buffer.from(last.buffer, last.byteOffset, last.byteLength);
      return Buffer.concat([...parts.slice(0, -1), last.subarray(0, PIECE - room)]);
    },
  };
}
