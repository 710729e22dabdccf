import { splitUses } from '../../document/names.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import type { Subject } from './subject.ts';

/** Finds a `forEach` without `output` whose `results` are read: all of them are null. */
export function emptyResults({ expressions }: Subject): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { scope, compiled } of expressions) {
    for (const [id, pointers] of Object.entries(compiled.reads.nodes)) {
      const at: BodyAt | undefined = scope.frames.find((frame) => Object.hasOwn(frame.at.body.nodes, id))?.at;
      const node = at?.body.nodes[id];
      if (
        at === undefined ||
        node === undefined ||
        splitUses(node.uses).type !== 'forEach' ||
        node.output !== undefined
      )
        continue;
      // The number of results is known although all are null.
      if (!pointers.some((pointer) => /^\/results(\/|$)/.test(pointer) && pointer !== '/results/length')) continue;
      const path = nodePath(at, id);
      problems.set(
        path,
        problem(
          'empty-results',
          path,
          `\`nodes.${id}.results\` is read, but ${id} has no \`output\`: each result is null.`,
        ),
      );
    }
  }
  return [...problems.values()];
}
