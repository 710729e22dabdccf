import { splitUses } from '../../document/names.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { nodePath } from '../../structure/bodies.ts';
import type { Subject } from './subject.ts';

/** Finds a `respond` in a graph without a webhook whose caller waits, because nobody receives the answer. */
export function respondUnheard({ graph, bodies }: Subject): Problem[] {
  const heard = Object.values(graph.triggers ?? {}).some(({ uses, with: given }) => {
    const reply = given?.reply;
    return (
      splitUses(uses).type === 'webhook' && (reply === 'sync' || (typeof reply === 'string' && reply.includes('${{')))
    );
  });
  if (heard) return [];
  return bodies.flatMap((at) =>
    Object.entries(at.body.nodes)
      .filter(([, node]) => splitUses(node.uses).type === 'respond')
      .map(([id]) =>
        problem(
          'respond-unheard',
          `${nodePath(at, id)}/uses`,
          `${id} answers a waiting caller, but no trigger has one.`,
        ),
      ),
  );
}
