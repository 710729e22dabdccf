import { splitUses } from '../../document/names.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Subject } from './subject.ts';

/** Finds a `debounce` or `batch` in a graph that is only called, because calls are never held. */
export function nothingHeld({ graph }: Subject): Problem[] {
  const word = graph.batch ? 'batch' : graph.debounce ? 'debounce' : null;
  const fires = Object.values(graph.triggers ?? {}).some(({ uses }) => splitUses(uses).type !== 'call');
  if (word === null || fires) return [];
  return [problem('nothing-held', `/${word}`, `\`${word}\` has no effect: no trigger of the graph fires by itself.`)];
}
