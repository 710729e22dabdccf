import { weigh } from '../parts/weigh.ts';
import type { Passage } from './passages.ts';

/**
 * The passages that a model is shown: the most fitting ones, as many as there is room for, in the order of the document.
 *
 * @param ranked positions of passages, the most fitting first
 */
export function choose(passages: readonly Passage[], ranked: Iterable<number>, mostTokens: number): Passage[] {
  const chosen = new Set<number>();
  let weight = 0;
  for (const index of ranked) {
    const passage = passages[index]!;
    weight += weigh(passage.text);
    if (weight > mostTokens && chosen.size > 0) break;
    chosen.add(index);
  }
  return passages.filter(({ index }) => chosen.has(index));
}

/** Whether all passages fit into the room that there is. */
export const fits = (passages: readonly Passage[], mostTokens: number): boolean =>
  passages.reduce((sum, { text }) => sum + weigh(text), 0) <= mostTokens;
