import type { Graph, TriggerNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { triggerIdProblem } from './id-problem.ts';
import { dropLinks } from './links.ts';
import { renameIds } from './rename-ids.ts';

/** The graph with a trigger more. */
export function addTrigger(graph: Graph, id: string, trigger: TriggerNode): Graph | Problem {
  return triggerIdProblem(graph, id) ?? { ...graph, triggers: { ...graph.triggers, [id]: trigger } };
}

/** The graph without a trigger, and without the links from it. A graph without triggers has no `triggers` at all. */
export function removeTrigger(graph: Graph, id: string): Graph | Problem {
  const absent = missing(graph, id);
  if (absent !== null) return absent;
  const { [id]: _gone, ...rest } = graph.triggers!;
  const { triggers: _triggers, ...others } = graph;
  const nodes = dropLinks(graph.nodes, (source) => source === id);
  return { ...others, ...(Object.keys(rest).length > 0 ? { triggers: rest } : {}), nodes };
}

/** The graph with a trigger renamed, in links, too. Expressions name triggers as texts, which are left as they are. */
export function renameTrigger(graph: Graph, id: string, to: string): Graph | Problem {
  if (id === to) return missing(graph, id) ?? graph;
  return missing(graph, id) ?? triggerIdProblem(graph, to) ?? renameIds(graph, new Map([[`/triggers/${id}`, to]]));
}

function missing(graph: Graph, id: string): Problem | null {
  if (own(graph.triggers, id) !== undefined) return null;
  const ids = Object.keys(graph.triggers ?? {});
  return problem('unknown-node', '/triggers', `There is no trigger \`${id}\`.${didYouMean(id, ids)}`);
}
