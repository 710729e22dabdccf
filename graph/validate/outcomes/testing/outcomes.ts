import type { Body } from '../../../document/types.ts';
import { topologicalOrder } from '../../../structure/order.ts';
import { type BodyContext, firings, linksInto, neededPorts, type Way, waysOf } from '../ways.ts';

/** One way a body can go, as the analysis sees it: exactly what the interpreter may do. */
export interface Outcome {
  /** The trigger that fired; null if none did, or for an inner body. */
  readonly trigger: string | null;
  /** How each node ended. `ends` marks a `stop` or an unhandled `fail`: the rest may then not have happened. */
  readonly nodes: ReadonlyMap<string, Way>;
}

const SKIPPED: Way = { port: null, status: 'skipped' };

/**
 * Every outcome of a body without cycles, one by one: the plain meaning of links and joins, to compare the analysis
 * and the interpreter with. Null if there are more than `most`.
 */
export function outcomes(body: Body, context: BodyContext, most = 10_000): Outcome[] | null {
  const order = topologicalOrder(body);
  const needed = neededPorts(body);
  const found: Outcome[] = [];
  const go = (trigger: string | null, at: number, nodes: Map<string, Way>): boolean => {
    const id = order[at];
    if (id === undefined) return found.push({ trigger, nodes: new Map(nodes) }) <= most;
    const ways = isStarted(id, body, context, trigger, nodes) ? waysOf(id, body, context, needed.get(id)) : [SKIPPED];
    for (const way of ways) {
      nodes.set(id, way);
      if (!go(trigger, at + 1, nodes)) return false;
    }
    nodes.delete(id);
    return true;
  };
  const complete = firings(context.triggers).every((trigger) => go(trigger, 0, new Map()));
  return complete ? found : null;
}

function isStarted(
  id: string,
  body: Body,
  context: BodyContext,
  trigger: string | null,
  nodes: ReadonlyMap<string, Way>,
): boolean {
  const live = linksInto(id, body, context).map(({ source, port }) => {
    const way = nodes.get(source);
    return way === undefined ? source === trigger : way.port === port;
  });
  if (live.length === 0) return true;
  return body.nodes[id]?.join === 'all' ? live.every(Boolean) : live.some(Boolean);
}
