import { wordsOf } from './words.ts';

const USUAL_DIMENSIONS = 256;
const MOST_DIMENSIONS = 4_096;

/**
 * A vector for a text: texts with the same words, or with parts of the same words, point the same way. Length 1.
 */
export function vectorOf(text: string, dimensions = USUAL_DIMENSIONS): number[] {
  const size = Math.min(MOST_DIMENSIONS, Math.max(1, Math.trunc(dimensions)));
  const vector = new Array<number>(size).fill(0);
  const add = (feature: string, weight: number): void => {
    const hash = hashOf(feature);
    vector[hash % size]! += hash & 0x10000 ? weight : -weight;
  };
  for (const word of wordsOf(text)) {
    add(word, 1);
    for (let at = 0; at + 3 <= word.length; at += 1) add(`#${word.slice(at, at + 3)}`, 0.3);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.with(0, 1) : vector.map((each) => each / length);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
