/** Ends a thread that works on one thing for too long, because no other run gets on there. */

/** Memory that a thread shares with whoever watches it: the number of the piece of work it is at; 0: it has none. */
export type Piece = Int32Array<SharedArrayBuffer>;

/** The server takes a workflow task away from a worker after ten seconds. */
export const LONGEST_PIECE_S = 5;

export const newPiece = (): Piece => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** For the thread: says when it begins and ends a piece of work. */
export function notePieces(piece: Piece): { begin(): void; end(): void } {
  let count = 0;
  return {
    begin: () => void Atomics.store(piece, 0, ++count),
    end: () => void Atomics.store(piece, 0, 0),
  };
}

/**
 * Looks at a thread once a second. What counts is how often it was seen at the same piece of work, because a machine that
 * sleeps for a while has stalled nothing.
 *
 * @returns ends the watch
 */
export function watchPieces(piece: Piece, onStall: () => void): () => void {
  let seen = 0;
  let times = 0;
  const look = (): void => {
    const at = Atomics.load(piece, 0);
    times = at !== 0 && at === seen ? times + 1 : 0;
    seen = at;
    if (times === LONGEST_PIECE_S) onStall();
  };
  const timer = setInterval(look, 1_000).unref();
  return () => clearInterval(timer);
}
