import { z } from 'zod';

/** Most vectors that a node takes. */
export const MOST_VECTORS = 10_000;

/** A vector, as `ai.embed` returns them. */
export const vector = () => z.array(z.number()).min(1).max(10_000);

/** A vector of length one; one of zeros stays what it is. */
export function unit(values: readonly number[]): Float32Array {
  let square = 0;
  for (const value of values) square += value * value;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  return Float32Array.from(values, (value) => value * scale);
}

/** The cosine of two vectors of length one: 1 for the same direction, 0 for nothing in common. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}

/** A number between -1 and 1 for people: without the noise of the last digits. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Whether all vectors have the same number of values. */
export const sameSize = (vectors: readonly (readonly number[])[]): boolean =>
  vectors.every(({ length }) => length === vectors[0]?.length);
