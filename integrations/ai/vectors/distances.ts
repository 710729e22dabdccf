import { setImmediate } from 'node:timers/promises';
import { cosine } from './vector.ts';

/** How long a computation may occupy the process before others get their turn, in milliseconds. */
const TURN_MS = 20;

/** Lets others have their turn during a long computation, and ends it with its step. */
export function givingWay(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    signal.throwIfAborted();
    since = performance.now();
  };
}

/** Distances between all pairs of a list: 0 is the same direction, 1 nothing in common, 2 the opposite. */
export interface Distances {
  readonly count: number;
  get(a: number, b: number): number;
  set(a: number, b: number, value: number): void;
  copy(): Distances;
}

/** Room for the distances of a list, each pair once. */
function roomFor(count: number, values = new Float32Array((count * (count - 1)) / 2)): Distances {
  const place = (a: number, b: number): number => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return low * count - (low * (low + 1)) / 2 + high - low - 1;
  };
  return {
    count,
    get: (a, b) => (a === b ? 0 : values[place(a, b)]!),
    set: (a, b, value) => {
      values[place(a, b)] = value;
    },
    copy: () => roomFor(count, values.slice()),
  };
}

/** Memory that the distances of a list take, in bytes. */
export const distanceBytes = (count: number): number => count * count * 2;

/** The distances between vectors of length one. */
export async function distancesOf(vectors: readonly Float32Array[], giveWay: () => Promise<void>): Promise<Distances> {
  const distances = roomFor(vectors.length);
  for (let a = 0; a < vectors.length; a += 1) {
    for (let b = a + 1; b < vectors.length; b += 1)
      distances.set(a, b, Math.max(0, 1 - cosine(vectors[a]!, vectors[b]!)));
    await giveWay();
  }
  return distances;
}
