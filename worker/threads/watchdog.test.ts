import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LONGEST_PIECE_S, newPiece, notePieces, watchPieces } from './watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TOO_LONG_MS = (LONGEST_PIECE_S + 1) * 1_000;

function setUp() {
  const piece = newPiece();
  const onStall = vi.fn();
  return { ...notePieces(piece), onStall, unwatch: watchPieces(piece, onStall) };
}

it('reports one piece of work that takes too long, once', () => {
  const { begin, onStall } = setUp();
  begin();
  vi.advanceTimersByTime(TOO_LONG_MS - 1_000);
  expect(onStall).not.toHaveBeenCalled();
  vi.advanceTimersByTime(TOO_LONG_MS);
  expect(onStall).toHaveBeenCalledOnce();
});

it('lets a thread rest, and lets it be busy with many pieces', () => {
  const { begin, end, onStall } = setUp();
  vi.advanceTimersByTime(TOO_LONG_MS);
  for (let piece = 0; piece < 20; piece++) {
    begin();
    vi.advanceTimersByTime(1_000);
    // Another request is often heard before the answer to this one.
    if (piece % 2 === 0) end();
  }
  expect(onStall).not.toHaveBeenCalled();
});

it('ends with the thread', () => {
  const { begin, onStall, unwatch } = setUp();
  begin();
  unwatch();
  vi.advanceTimersByTime(2 * TOO_LONG_MS);
  expect(onStall).not.toHaveBeenCalled();
});
