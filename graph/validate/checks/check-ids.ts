import { isId, RESERVED_IDS } from '../../document/names.ts';
import type { Graph } from '../../document/types.ts';
import { escapeSegment, own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { around, type BodyAt, nodePath } from '../../structure/bodies.ts';

/** Checks that ids are not reserved, and that no id is used again by a trigger or inside a container. */
export function checkIds(graph: Graph, bodies: readonly BodyAt[]): Problem[] {
  const problems: Problem[] = [];
  const check = (id: string, path: string): void => {
    if (RESERVED_IDS.has(id))
      problems.push(problem('reserved-id', path, `\`${id}\` cannot be an id: it means something in the language.`));
    // The pattern of ids is checked with the shape.
  };
  for (const id of Object.keys(graph.triggers ?? {})) check(id, `/triggers/${escapeSegment(id)}`);
  for (const at of bodies) {
    const outer = around(at);
    for (const id of Object.keys(at.body.nodes)) {
      if (!isId(id)) continue;
      const path = nodePath(at, id);
      check(id, path);
      if (outer.some((body) => Object.hasOwn(body.nodes, id))) {
        problems.push(problem('duplicate-id', path, `\`${id}\` is also the id of a node around this container.`));
      } else if (own(graph.triggers, id) !== undefined) {
        problems.push(problem('duplicate-id', path, `\`${id}\` is also the id of a trigger.`));
      }
    }
  }
  return problems;
}
