import { isId, RESERVED_IDS } from '../document/names.ts';
import type { Graph, TriggerNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { bodiesOf } from '../structure/bodies.ts';
import { dropLinks } from './links.ts';
import { renameIds } from './rename-ids.ts';

/** The graph with a trigger more. */
export function addTrigger(graph: Graph, id: string, trigger: TriggerNode): Graph | Problem {
  return idProblem(graph, id) ?? { ...graph, triggers: { ...graph.triggers, [id]: trigger } };
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
  return missing(graph, id) ?? idProblem(graph, to) ?? renameIds(graph, new Map([[`/triggers/${id}`, to]]));
}

function missing(graph: Graph, id: string): Problem | null {
  if (own(graph.triggers, id) !== undefined) return null;
  const ids = Object.keys(graph.triggers ?? {});
  return problem('unknown-node', '/triggers', `There is no trigger \`${id}\`.${didYouMean(id, ids)}`);
}

/** Why an id cannot be used for a new trigger, or null if it can: no node anywhere may have it. */
function idProblem(graph: Graph, id: string): Problem | null {
  const path = `/triggers/${id}`;
  if (!isId(id)) return problem('bad-id', path, `\`${id}\` is not an id.`);
  if (RESERVED_IDS.has(id))
    return problem('reserved-id', path, `\`${id}\` cannot be an id: it means something in the language.`);
  const taken =
    own(graph.triggers, id) !== undefined || bodiesOf(graph).some(({ body }) => Object.hasOwn(body.nodes, id));
  return taken ? problem('duplicate-id', path, `The id \`${id}\` is taken.`) : null;
}
