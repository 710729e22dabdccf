import type { Body, Graph, GraphNode } from '../document/types.ts';
import { escapeSegment } from '../pointer.ts';

/** A body and where it is. */
export interface BodyAt {
  readonly body: Body;
  /** JSON Pointer of the object that holds `nodes`: '' for the graph, `/nodes/each` for the inside of `each`. */
  readonly path: string;
  readonly kind: 'graph' | 'container' | 'catch' | 'finally';
  /** The container it belongs to, and the body that holds the container. */
  readonly owner?: { readonly id: string; readonly node: GraphNode; readonly within: BodyAt };
}

/** JSON Pointer of a node of a body. */
export const nodePath = (at: BodyAt, id: string): string => `${at.path}/nodes/${escapeSegment(id)}`;

/** Every body of a graph, each after the body around it; a try's own body comes before its `catch` and `finally`. */
export function bodiesOf(graph: Graph): BodyAt[] {
  const found: BodyAt[] = [{ body: graph, path: '', kind: 'graph' }];
  for (let i = 0; i < found.length; i += 1) {
    const within = found[i]!;
    for (const [id, node] of Object.entries(within.body.nodes)) {
      const owner = { id, node, within };
      const path = nodePath(within, id);
      if (node.nodes) found.push({ body: { nodes: node.nodes, output: node.output }, path, kind: 'container', owner });
      if (node.catch) found.push({ body: node.catch, path: `${path}/catch`, kind: 'catch', owner });
      if (node.finally) found.push({ body: node.finally, path: `${path}/finally`, kind: 'finally', owner });
    }
  }
  return found;
}

/** The bodies around a body, from the inside out. For a `catch` or `finally`, that includes the body of its try. */
export function around(at: BodyAt): readonly Body[] {
  const bodies: Body[] = [];
  for (
    let owner = at.owner, kind = at.kind;
    owner !== undefined;
    kind = owner.within.kind, owner = owner.within.owner
  ) {
    if (kind !== 'container' && owner.node.nodes) bodies.push({ nodes: owner.node.nodes });
    bodies.push(owner.within.body);
  }
  return bodies;
}
