import { parseNeed } from '../../document/links.ts';
import { splitUses } from '../../document/names.ts';
import type { GraphNode } from '../../document/types.ts';
import { compileValue } from '../../expression/parse.ts';
import { holdsTools } from '../../node-types/agent-type.ts';
import { builtinType } from '../../node-types/builtin-types.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { endNodes } from '../../structure/order.ts';
import type { Subject } from './subject.ts';

/** Reads anywhere in the text of the document, so that reads in a broken expression or misspelt field count, too. */
const READ = /\b(?:nodes|errors)\s{0,20}(?:\?\.|\.)?\s{0,20}(?:\[\s{0,20}\\?["'])?([A-Za-z][A-Za-z0-9_]{0,63})/g;

/** Finds nodes that only compute or choose although nothing reads the result or follows the choice. */
export function unreadNodes({ graph, bodies }: Subject): Problem[] {
  const read = new Set([...JSON.stringify(graph).matchAll(READ)].map(([, id]) => id));
  return bodies.flatMap((at) => {
    // The model reads what tools answer.
    if (holdsTools(at)) return [];
    const needed = neededPorts(at);
    const winners = new Set(isRace(at) ? endNodes(at.body) : []);
    return Object.entries(at.body.nodes)
      .filter(([id, node]) => !read.has(id) && !winners.has(id) && isIdle(node, needed.get(id) ?? []))
      .map(([id]) =>
        problem(
          'unread-node',
          nodePath(at, id),
          `Nothing reads \`nodes.${id}\`, and ${id} does nothing but compute it.`,
        ),
      );
  });
}

const isRace = ({ kind, owner }: BodyAt): boolean =>
  kind === 'container' && splitUses(owner?.node.uses ?? '').type === 'race';

/** Whether a node whose output is not read has no other use. `ports`: the ports by which other nodes need it. */
function isIdle(node: GraphNode, ports: readonly string[]): boolean {
  const { type } = splitUses(node.uses);
  if (type === 'if' || type === 'switch') return ports.length === 0;
  if (builtinType(node.uses)?.kind !== 'data' || type === 'log') return false;
  // Its failure, or its guard, decides what comes after it.
  if (ports.some((port) => port !== 'out') || (node.if !== undefined && ports.length > 0)) return false;
  // A constant at which several links meet, or part, exists for the sake of these links.
  const joins = (node.needs ?? []).length > 1 || ports.length > 1 || (node.with?.value ?? null) === null;
  return ports.length === 0 || type !== 'set' || !joins || compileValue(node.with?.value ?? null).template[0] !== 'v';
}

function neededPorts({ body }: BodyAt): Map<string, string[]> {
  const ports = new Map<string, string[]>();
  for (const node of Object.values(body.nodes)) {
    for (const need of (node.needs ?? []).map(parseNeed)) {
      if (need !== null) ports.set(need.source, [...(ports.get(need.source) ?? []), need.port]);
    }
  }
  return ports;
}
