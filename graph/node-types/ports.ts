import type { Catalogue } from '../catalogue.ts';
import { splitUses } from '../document/names.ts';
import type { GraphNode } from '../document/types.ts';
import { endNodes } from '../structure/order.ts';
import { builtinType } from './builtin-types.ts';
import { findFacts } from './facts.ts';

/** Types that end their body and therefore leave by no port. */
export const DEAD_ENDS: ReadonlySet<string> = new Set(['stop', 'fail']);

/**
 * Ports by which a node can leave when it succeeds, or null if its type is unknown. `error` and `timeout` are not among
 * them, because they depend on the node and not on its type.
 */
export function portsOf(node: GraphNode, catalogue: Catalogue): readonly string[] | null {
  const builtin = builtinType(node.uses);
  if (builtin === undefined) {
    const facts = findFacts(catalogue, node.uses);
    return facts === undefined ? null : (facts.ports ?? ['out']);
  }
  if (builtin.ports !== 'computed') return builtin.ports ?? ['out'];
  return splitUses(node.uses).type === 'switch' ? casePorts(node) : winners(node);
}

/** Ports of a `switch`: the ports of its cases in order, then `default`. Null if there are no cases to read. */
function casePorts(node: GraphNode): string[] | null {
  const cases = node.with?.cases;
  if (!Array.isArray(cases)) return null;
  const ports = cases.map((each) =>
    each !== null && typeof each === 'object' && !Array.isArray(each) ? each.port : undefined,
  );
  return [...new Set([...ports.filter((port) => typeof port === 'string'), 'default'])];
}

/** Ports of a `race`: the end nodes that can succeed. */
function winners(node: GraphNode): string[] {
  const nodes = node.nodes ?? {};
  return endNodes({ nodes }).filter((id) => !DEAD_ENDS.has(splitUses(nodes[id]?.uses ?? '').type));
}
