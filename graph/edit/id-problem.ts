import { isId, RESERVED_IDS } from '../document/names.ts';
import type { Graph } from '../document/types.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { around, bodiesOf } from '../structure/bodies.ts';

/** Why an id cannot be used for a (new) node of a body, or null if it can. */
export function idProblem(graph: Graph, pointer: string, id: string): Problem | null {
  const path = `${pointer}/nodes/${id}`;
  const unusable = unusableId(path, id);
  if (unusable !== null) return unusable;
  const bodies = bodiesOf(graph);
  const at = bodies.find((each) => each.path === pointer);
  const taken =
    at === undefined ||
    bodies.some((each) => (each === at || within(each.path, pointer)) && Object.hasOwn(each.body.nodes, id)) ||
    around(at).some((body) => Object.hasOwn(body.nodes, id)) ||
    own(graph.triggers, id) !== undefined;
  return taken ? takenId(path, id) : null;
}

/** Why an id cannot be used for a new trigger, or null if it can: no node anywhere may have it. */
export function triggerIdProblem(graph: Graph, id: string): Problem | null {
  const path = `/triggers/${id}`;
  const unusable = unusableId(path, id);
  if (unusable !== null) return unusable;
  const taken =
    own(graph.triggers, id) !== undefined || bodiesOf(graph).some(({ body }) => Object.hasOwn(body.nodes, id));
  return taken ? takenId(path, id) : null;
}

function unusableId(path: string, id: string): Problem | null {
  if (!isId(id)) return problem('bad-id', path, `\`${id}\` is not an id.`);
  return RESERVED_IDS.has(id)
    ? problem('reserved-id', path, `\`${id}\` cannot be an id: it means something in the language.`)
    : null;
}

const takenId = (path: string, id: string): Problem => problem('duplicate-id', path, `The id \`${id}\` is taken.`);

const within = (path: string, outer: string): boolean => path.startsWith(`${outer}/`);
